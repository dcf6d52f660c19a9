internal import SystemPackage

/// `SHA256SUMS`: the digests that the golden files must have, as `sha256sum -c` reads them.
struct DigestList {
    /// The path of the list.
    let path: String
    /// Digests in lower-case hexadecimal by file name.
    let digests: [String: String]

    /// Reads the list of `directory`; nil where it has none.
    ///
    /// - Throws: ``GoldenError`` where there is something of that name that is not such a list, a link to nothing too.
    init?(directory: String) throws(GoldenError) {
        path = directory + "/" + GoldenFormat.digestList
        do {
            // The link itself, where there is one: with a link to nothing somebody meant there to be a list.
            _ = try FilePath(path).stat(followTargetSymlink: false)
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            // Whatever else is wrong, reading it says.
        }
        let file = try RawFile(path: path, limit: Self.largest)
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            throw GoldenError(file: path, "is not UTF-8 text")
        }
        digests = try Self.parse(text, path: path)
    }

    /// The most bytes that a list may have.
    private static let largest = 1 << 20

    /// One line a file: 64 hexadecimal digits, two blanks (or a blank and `*`), the file's name.
    private static func parse(_ text: String, path: String) throws(GoldenError) -> [String: String] {
        var digests: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: true).enumerated() {
            let digest = line.prefix(64).lowercased()
            let separator = line.dropFirst(64).prefix(2)
            let name = String(line.dropFirst(66))
            guard digest.utf8.count == 64, digest.allSatisfy(\.isHexDigit), separator == "  " || separator == " *",
                name.hasSuffix(GoldenFormat.fileExtension), !name.contains("/")
            else {
                throw GoldenError(file: path, "line \(index + 1) is '\(line)', expected '<SHA-256>  <suite>.h5'")
            }
            guard digests.updateValue(digest, forKey: name) == nil else {
                throw GoldenError(file: path, "lists '\(name)' twice")
            }
        }
        return digests
    }

    /// Why a file's digest is not the listed one, or nil where it is.
    func objection(to digest: String, of name: String) -> String? {
        guard let listed = digests[name] else { return "is not listed in \(GoldenFormat.digestList)" }
        guard digest != listed else { return nil }
        return "has SHA-256 \(digest), expected \(listed) from \(GoldenFormat.digestList)"
    }
}
