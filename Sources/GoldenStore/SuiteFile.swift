internal import Conformance
internal import HDF5

/// One open golden file, whose cases are described and whose tensors are read when they are wanted.
///
/// It lives in memory: nothing on the disk is looked at after it was opened.
final class SuiteFile: Sendable {
    /// How cases are loaded.
    struct Loading: Sendable {
        /// Computes outputs that are not stored.
        let exact: (any ExactConvolution)?
        /// A case whose tensors need more bytes is refused.
        let memoryLimit: Int
    }

    /// The suite's name, which is the file's without its extension.
    let suite: String
    /// SHA-256 of the file, in lower-case hexadecimal.
    let digest: String
    /// Every sound case, in increasing order of the names' bytes.
    let cases: [CaseHeader]
    /// What is wrong with the descriptions of the cases that are not sound.
    let caseFaults: [GoldenError.Fault]

    private let path: String
    private let entries: [String: StoredCase]
    private let loading: Loading
    // An open group keeps its file open.
    private let group: Group

    /// Parses the file of a suite and reads what is known of its cases.
    ///
    /// - Parameter digest: that of the file.
    /// - Throws: ``GoldenError`` where the file as a whole cannot be read.
    init(_ suite: String, file: RawFile, digest: String, loading: Loading) throws(GoldenError) {
        if let obstacle = file.obstacle { throw GoldenError(file: file.path, obstacle) }
        let root = try SuiteRoot(file)
        try root.check(suite: suite)
        let group = try root.cases()
        var faults: [GoldenError.Fault] = []
        var entries: [StoredCase] = []
        for name in try SuiteRoot.names(in: group, path: file.path) {
            do throws(GoldenError) {
                var reader = try CaseReader(name, in: group, suite: suite, file: file.path)
                if let entry = reader.entry() { entries.append(entry) }
                faults += reader.faults
            } catch {
                faults += error.faults
            }
        }
        self.suite = suite
        self.digest = digest
        self.path = file.path
        self.loading = loading
        self.group = group
        cases = entries.map(\.header)
        caseFaults = faults
        self.entries = Dictionary(uniqueKeysWithValues: entries.map { ($0.header.name, $0) })
    }

    /// The bytes that a case's tensors take in memory; nil beyond 64 bits, and for a case that is not there.
    func bytesInMemory(of header: CaseHeader) -> Int? {
        entries[header.name]?.bytesInMemory
    }

    /// A case with its tensors; safe on several threads at once.
    ///
    /// - Throws: ``GoldenError`` with everything that is wrong with them.
    func load(_ header: CaseHeader) throws(GoldenError) -> GoldenCase {
        let entry = try entry(of: header)
        switch try content(of: entry) {
        case .stored(let golden): return golden
        case .sample(let sample): return try derive(entry, sample)
        }
    }

    /// Reads every sound case, and returns all that is wrong with the file.
    ///
    /// - Parameter derives: whether the tensors that are not stored are derived, too.
    func allFaults(derives: Bool = true) -> [GoldenError.Fault] {
        caseFaults
            + cases.flatMap { header in
                do throws(GoldenError) {
                    if derives {
                        _ = try load(header)
                    } else {
                        _ = try content(of: entry(of: header))
                    }
                    return [GoldenError.Fault]()
                } catch {
                    return error.faults
                }
            }
    }

    private func entry(of header: CaseHeader) throws(GoldenError) -> StoredCase {
        guard let entry = entries[header.name] else {
            throw GoldenError(file: path, caseID: header.id, "is not there")
        }
        return entry
    }

    private func content(of entry: StoredCase) throws(GoldenError) -> CaseTensors.Content {
        try CaseTensors(entry, in: group, file: path, memoryLimit: loading.memoryLimit).read()
    }

    /// The tensors that follow from a case's seed.
    private func derive(_ entry: StoredCase, _ sample: DerivedCase.Sample) throws(GoldenError) -> GoldenCase {
        func fault(_ message: String) -> GoldenError.Fault {
            GoldenError.Fault(file: path, caseID: entry.header.id, message: message)
        }
        guard let exact = loading.exact, let derivation = entry.derivation else {
            throw GoldenError([fault("its output is not stored, and there is no exact engine to compute it")])
        }
        try entry.demandMemory(loading.memoryLimit, file: path)
        let (golden, problems): (GoldenCase?, [String])
        do {
            (golden, problems) = try DerivedCase(
                header: entry.header, digest: derivation, sample: sample, exact: exact
            ).prove()
        } catch {
            throw GoldenError([fault("it cannot be derived: \(error)")])
        }
        guard let golden else { throw GoldenError(problems.map(fault)) }
        return golden
    }
}
