internal import Conformance
internal import Convolution
internal import HDF5

/// One open golden file, whose cases are described and whose tensors are read when they are wanted.
///
/// It lives in memory: nothing on the disk is looked at after it was opened.
final class SuiteFile: Sendable {
    /// How cases are loaded.
    struct Loading: Sendable {
        /// By what tensors are found in the file.
        enum Way: Sendable {
            /// By what it says of where they begin, where it does, and else by libhdf5.
            case byOffset
            /// By libhdf5, which sees all that is wrong with how they are stored.
            case byLibrary
            /// By both.
            case everyWay
        }

        /// A case whose tensors need more bytes is refused.
        let memoryLimit: Int
        var way = Way.byLibrary
    }

    /// The suite's name, which is the file's without its extension.
    let suite: String
    /// SHA-256 of the file, in lower-case hexadecimal.
    let digest: String
    /// What is wrong with the descriptions of the cases that are not sound.
    let caseFaults: [GoldenError.Fault]

    private let path: String
    /// Every sound case, in increasing order of the names' bytes.
    private let entries: [StoredCase]
    private let positions: [String: Int]
    private let loading: Loading
    private let offsets: TensorOffsets?
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
        let table = try root.table()
        let rows = try table.names()
        try Self.compare(rows: rows, groups: SuiteRoot.names(in: group, path: file.path), path: file.path)
        let offsets = loading.way == .byLibrary ? nil : try root.offsets(in: file, cases: rows.count)
        var faults: [GoldenError.Fault] = []
        var entries: [StoredCase] = []
        for (row, name) in rows.enumerated() {
            var reader = CaseReader(try table.values(row: row))
            if let entry = reader.entry(suite: suite, row: row) { entries.append(entry) }
            faults += reader.problems.map {
                GoldenError.Fault(file: file.path, caseID: "\(suite)/\(name)", message: $0)
            }
        }
        self.suite = suite
        self.digest = digest
        self.path = file.path
        self.loading = loading
        self.offsets = offsets
        self.group = group
        caseFaults = faults
        self.entries = entries
        positions = Dictionary(uniqueKeysWithValues: entries.indices.map { (entries[$0].header.name, $0) })
    }

    /// What is known of every sound case, in increasing order of the names' bytes.
    var cases: [CaseHeader] { entries.map(\.header) }

    /// All that the file says of a case beside its tensors; nil where it has no such case, or it is not sound.
    func entry(of header: CaseHeader) -> StoredCase? {
        positions[header.name].map { entries[$0] }
    }

    /// A case with its tensors; safe on several threads at once.
    ///
    /// - Throws: ``GoldenError`` with everything that is wrong with them.
    func load(_ entry: StoredCase) throws(GoldenError) -> GoldenCase {
        switch try content(of: entry) {
        case .stored(let golden): return golden
        case .sample(let sample, let quantization): return try derive(entry, sample, quantization)
        }
    }

    /// Reads every sound case, and returns all that is wrong with the file.
    ///
    /// - Parameter derives: whether the tensors that are not stored are derived, too, but for those of gigabytes.
    func allFaults(derives: Bool = true) -> [GoldenError.Fault] {
        caseFaults
            + entries.flatMap { entry in
                do throws(GoldenError) {
                    if derives, !entry.header.tags.contains(CaseSelection.slow) {
                        _ = try load(entry)
                    } else {
                        _ = try content(of: entry)
                    }
                    return [GoldenError.Fault]()
                } catch {
                    return error.faults
                }
            }
    }

    private func content(of entry: StoredCase) throws(GoldenError) -> CaseTensors.Content {
        if let offsets {
            let tensors = try CaseTensors(
                entry, in: group, offsets: offsets, file: path, memoryLimit: loading.memoryLimit)
            let isByLibrary = tensors.isByLibrary
            do throws(GoldenError) {
                let content = try tensors.read()
                if loading.way == .byOffset || isByLibrary { return content }
            } catch {
                if isByLibrary { throw error }
                // What libhdf5 finds wrong says more.
                let content = try CaseTensors(entry, in: group, file: path, memoryLimit: loading.memoryLimit).read()
                if CaseTensors.isGuessed(entry) { return content }
                throw GoldenError(
                    file: path, caseID: entry.header.id,
                    "table '\(GoldenFormat.offsets)' does not say where its datasets begin: the file was written anew by "
                        + "a tool that does not know of it")
            }
        }
        return try CaseTensors(entry, in: group, file: path, memoryLimit: loading.memoryLimit).read()
    }

    /// Throws where a row has no group, or a group no row, or the rows are not in the order of their names.
    private static func compare(rows: [String], groups: [String], path: String) throws(GoldenError) {
        if rows == groups { return }
        let (listed, present) = (Set(rows), Set(groups))
        var problems = rows.filter { !present.contains($0) }.map { "case '\($0)' of the table has no group" }
        problems += groups.filter { !listed.contains($0) }.map { "group '\($0)' is no case of the table" }
        // The groups are in order, and none is there twice.
        if problems.isEmpty { problems = ["the table's rows are not in increasing order of the names' bytes"] }
        throw GoldenError(problems.map { GoldenError.Fault(file: path, message: $0) })
    }

    /// The tensors that follow from a case's seed.
    private func derive(
        _ entry: StoredCase, _ sample: DerivedCase.Sample, _ quantization: Quantization?
    ) throws(GoldenError) -> GoldenCase {
        @Sendable func fault(_ message: String) -> GoldenError.Fault {
            GoldenError.Fault(file: path, caseID: entry.header.id, message: message)
        }
        guard let derivation = entry.derivation else {
            throw GoldenError([fault("nothing says how its tensors are drawn")])
        }
        try entry.demandMemory(loading.memoryLimit, file: path)
        let derived = DerivedCase(
            header: entry.header, digest: derivation, sample: sample, quantization: quantization)
        @Sendable func proved<Value>(_ made: () throws -> (Value, problems: [String])) throws(GoldenError) -> Value {
            let (value, problems): (Value, [String])
            do {
                (value, problems) = try made()
            } catch {
                throw GoldenError([fault("it cannot be derived: \(error)")])
            }
            guard problems.isEmpty else { throw GoldenError(problems.map(fault)) }
            return value
        }
        let isQuick = loading.way == .byOffset
        let operands = try proved {
            let drawn = try derived.drawnOperands()
            // Where not all is wanted, the answer's digest proves them.
            return (drawn, isQuick && derivation.answer != nil ? [] : derived.problems(of: drawn))
        }
        if let answer = derivation.answer, entry.header.data == .integer, isQuick {
            return GoldenCase(
                header: entry.header, operands: operands,
                deferred: DeferredAnswer(
                    hasDigest: { derived.sha256(ofAnswer: $0) == answer },
                    compute: { try proved { try derived.computed(operands) }.output! }))
        }
        return try proved { try derived.projected(operands) ?? derived.computed(operands) }
    }
}
