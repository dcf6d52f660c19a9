internal import HDF5

/// SHA-256 over everything that a case's group holds, as its attribute `sha256` states it.
///
/// First the attributes but that one, in increasing order of their names' bytes: `attribute <name> <type> <count>\n`, the
/// values, `\n`; an integer is 8 bytes, little endian, a text its number of bytes in decimal, `\n` and its bytes. Then the
/// datasets in the same order: `dataset <name> <type> <shape>\n`, the elements in C order, little endian, `\n`.
struct CaseSeal: ~Copyable {
    /// The attribute that holds the digest.
    static let attribute = "sha256"

    private var hash = SHA256()
    private var lastName = ""

    /// - Parameter attributes: the bytes of the attributes.
    init(_ attributes: [UInt8]) {
        attributes.withUnsafeBytes { hash.update($0) }
    }

    /// What the attributes contribute; those of a type that no case has, which is an error of its own, nothing.
    static func bytes(of attributes: [String: AttributeValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        func begin(_ name: String, _ type: String, _ count: Int) {
            bytes += Array("attribute \(name) \(type) \(count)\n".utf8)
        }
        func add(_ text: String) { bytes += Array("\(text.utf8.count)\n\(text)".utf8) }
        func add(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        let sorted = attributes.filter { $0.key != attribute }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, value) in sorted {
            switch value {
            case .string(let text):
                begin(name, "string", 1)
                add(text)
            case .strings(let texts):
                begin(name, "string[]", texts.count)
                for text in texts { add(text) }
            case .int64(let number):
                begin(name, "int64", 1)
                add(number)
            case .int64s(let numbers):
                begin(name, "int64[]", numbers.count)
                for number in numbers { add(number) }
            case .uint64(let number):
                begin(name, "uint64", 1)
                add(number)
            case .uint64s, .float64, .float64s, .other: continue
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Takes the next dataset.
    ///
    /// - Precondition: datasets come in increasing order of their names.
    mutating func add<Element: StoredElement>(
        _ name: GoldenFormat.DatasetName, shape: [Int], elements: [Element]
    ) {
        precondition(lastName < name.rawValue, "dataset '\(name.rawValue)' after '\(lastName)'")
        lastName = name.rawValue
        let sizes = shape.map(String.init).joined(separator: "x")
        hash.update("dataset \(name.rawValue) \(Element.elementType) \(sizes)\n")
        // Elements have the same bytes in memory as in a file (`StoredElement`).
        elements.withUnsafeBytes { hash.update($0) }
        hash.update("\n")
    }

    /// The digest in lower-case hexadecimal.
    consuming func finalize() -> String { hash.finalize() }
}
