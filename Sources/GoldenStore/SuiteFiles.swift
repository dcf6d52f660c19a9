internal import Conformance
internal import Dispatch
internal import Foundation
internal import Synchronization

/// The golden files of a directory that could be opened, and why the others could not.
struct SuiteFiles {
    let directory: String
    /// Whether there is a list of digests, which vouches for the files.
    let isListed: Bool
    /// Sorted by the suites' names.
    private(set) var files: [SuiteFile] = []
    /// What is wrong with the directory and with files that could not be opened.
    private(set) var faults: [GoldenError.Fault] = []

    /// Opens the named suites of a directory, or all.
    ///
    /// Every file is read and compared with the list before libhdf5 sees the first one; what is not as listed it never
    /// sees. Where there is no list, it sees what `check` has nothing against.
    ///
    /// - Throws: ``UnknownSuite`` for a name without a file; ``GoldenError`` where the directory cannot be listed, has
    ///   no golden file, or its list of digests cannot be read; what `check` throws.
    init(
        directory: String, suites: [String]?, loading: SuiteFile.Loading, way: SuiteFile.Loading.Way,
        check: UnlistedFileCheck?
    ) throws {
        self.directory = directory
        var loading = loading
        let available = try Self.suiteNames(in: directory)
        let digests = try DigestList(directory: directory)
        isListed = digests != nil
        // A list vouches for what libhdf5 would find wrong with how the tensors are stored.
        if isListed { loading.way = way }
        if let suites {
            for name in suites where !available.contains(name) {
                throw UnknownSuite(name: name, directory: directory, available: available)
            }
        } else if let digests {
            noteMissingFiles(digests, available: available)
        }
        let wanted = suites.map(Set.init)
        let read = Self.together(available.filter { wanted?.contains($0) ?? true }) { name throws(GoldenError) in
            let file = try RawFile(path: "\(directory)/\(name)\(GoldenFormat.fileExtension)")
            let digest = file.digest
            if let fault = digests?.objection(to: digest, of: name + GoldenFormat.fileExtension) {
                throw GoldenError(
                    [fault, file.obstacle].compactMap { $0 }.map { .init(file: file.path, message: $0) })
            }
            return (suite: name, file: file, digest: digest)
        }
        faults += read.faults
        var sound = read.results
        if !isListed, let check {
            sound = try sound.filter { _, file, _ in
                let found = try check(file.path, file.bytes)
                faults += found
                return found.isEmpty
            }
        }
        let opened = Self.together(sound, size: \.file.bytes.count) {
            [loading] suite, file, digest throws(GoldenError) in
            try SuiteFile(suite, file: file, digest: digest, loading: loading)
        }
        faults += opened.faults
        files = opened.results
    }

    /// Makes something of each file, on several threads, and returns it and what is wrong, both in the order of the files.
    private static func together<File: Sendable, Result: Sendable>(
        _ files: [File], size: (File) -> Int = { _ in 0 }, _ body: @Sendable (File) throws(GoldenError) -> Result
    ) -> (results: [Result], faults: [GoldenError.Fault]) {
        // The largest first, so that none of them is left alone at the end.
        let order = files.indices.sorted { size(files[$0]) > size(files[$1]) }
        let outcomes = Mutex([Swift.Result<Result, GoldenError>?](repeating: nil, count: files.count))
        DispatchQueue.concurrentPerform(iterations: files.count) { turn in
            let place = order[turn]
            let outcome = Swift.Result { () throws(GoldenError) in try body(files[place]) }
            outcomes.withLock { $0[place] = outcome }
        }
        let made = outcomes.withLock { $0.compactMap { $0 } }
        return (
            made.compactMap { try? $0.get() },
            made.flatMap { if case .failure(let error) = $0 { error.faults } else { [GoldenError.Fault]() } }
        )
    }

    /// The names of the suites that a directory has files for, sorted; at least one.
    static func suiteNames(in directory: String) throws(GoldenError) -> [String] {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw GoldenError(file: directory, "cannot be listed: \(error.localizedDescription)")
        }
        let suffix = GoldenFormat.fileExtension
        let names = entries.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
        if let name = names.first(where: { !GoldenFormat.isPlainName($0) }) {
            throw GoldenError(
                file: "\(directory)/\(name)\(suffix)",
                "its name holds characters other than letters, digits and _-+.,=")
        }
        guard !names.isEmpty else { throw GoldenError(file: directory, "has no golden files (*\(suffix))") }
        return names
    }

    private mutating func noteMissingFiles(_ digests: DigestList, available: [String]) {
        for name in digests.digests.keys.sorted() {
            guard !available.contains(String(name.dropLast(GoldenFormat.fileExtension.count))) else { continue }
            faults.append(GoldenError.Fault(file: digests.path, message: "lists '\(name)', which is missing"))
        }
    }
}
