internal import Conformance
internal import HDF5

/// One open golden file, whose cases are described and whose tensors are read when they are wanted.
final class SuiteFile: Sendable {
    /// The suite's name, which is the file's without its extension.
    let suite: String
    /// SHA-256 of the file, in lower-case hexadecimal.
    let digest: String
    /// Every sound case, in increasing order of the names' bytes.
    let cases: [CaseDescription]
    /// What is wrong with the descriptions of the cases that are not sound.
    let caseFaults: [GoldenError.Fault]
    /// Why the file's digest is not the one that it should have, where it is not.
    let digestFault: GoldenError.Fault?

    private let path: String
    /// What only some cases have, by name.
    private let details: [String: CaseDetails]
    /// Computes outputs that are not stored.
    private let exact: (any ExactConvolution)?
    // An open group keeps its file open.
    private let group: Group

    /// Opens the file of a suite and reads what is known of its cases.
    ///
    /// - Parameters:
    ///   - digests: the list that the file's digest must be in, where there is one.
    ///   - exact: computes outputs that are not stored.
    /// - Throws: ``GoldenError`` where the file as a whole cannot be read.
    init(
        _ suite: String, directory: String, digests: DigestList?, exact: (any ExactConvolution)?
    ) throws(GoldenError) {
        let path = "\(directory)/\(suite)\(GoldenFormat.fileExtension)"
        let raw = try RawFile(path: path)
        digestFault = digests?.objection(to: raw.digest, of: suite + GoldenFormat.fileExtension)
            .map { GoldenError.Fault(file: path, message: $0) }
        let group = try Self.openCases(suite: suite, path: path, raw: raw, digestFault: digestFault)
        let names = try SuiteRoot.names(in: group, path: path)
        var faults: [GoldenError.Fault] = []
        var cases: [CaseDescription] = []
        var details: [String: CaseDetails] = [:]
        cases.reserveCapacity(names.count)
        for name in names {
            do throws(GoldenError) {
                var reader = try CaseReader(name, in: group, suite: suite, file: path)
                if let description = reader.description() {
                    cases.append(description)
                    if !reader.details.isEmpty { details[name] = reader.details }
                }
                faults += reader.faults
            } catch {
                faults += error.faults
            }
        }
        self.digest = raw.digest
        self.cases = cases
        self.caseFaults = faults
        self.details = details
        self.exact = exact
        self.suite = suite
        self.path = path
        self.group = group
    }

    /// Opens the group of the cases; an error names a wrong digest first, which is the likely cause of all others.
    private static func openCases(
        suite: String, path: String, raw: RawFile, digestFault: GoldenError.Fault?
    ) throws(GoldenError) -> Group {
        let first = [digestFault].compactMap { $0 }
        if let obstacle = raw.obstacle { throw GoldenError(first + [GoldenError.Fault(file: path, message: obstacle)]) }
        do {
            let root = try SuiteRoot(path: path)
            try root.check(suite: suite)
            return try root.cases()
        } catch {
            throw GoldenError(first + error.faults)
        }
    }

    /// A case with its tensors; safe on several threads at once.
    ///
    /// - Throws: ``GoldenError`` with everything that is wrong with them.
    func load(_ description: CaseDescription) throws(GoldenError) -> GoldenCase {
        var reader = try CaseReader(description.name, in: group, suite: suite, file: path)
        let details = details[description.name] ?? CaseDetails()
        guard let golden = reader.tensors(of: description, details: details, exact: exact) else {
            throw GoldenError(reader.faults)
        }
        return golden
    }

    /// Whether nothing is wrong as far as was read on opening.
    var isSound: Bool { digestFault == nil && caseFaults.isEmpty }

    /// Reads every sound case, and returns all that is wrong with the file, the digest first.
    func allFaults() -> [GoldenError.Fault] {
        let others = caseFaults + faultsOfTensors()
        guard let digestFault else { return others }
        guard others.isEmpty else { return [digestFault] + others }
        let message = "\(digestFault.message); all cases can be read, so the file is not damaged but another one"
        return [GoldenError.Fault(file: path, message: message)]
    }

    private func faultsOfTensors() -> [GoldenError.Fault] {
        cases.flatMap { description in
            do throws(GoldenError) {
                _ = try load(description)
                return [GoldenError.Fault]()
            } catch {
                return error.faults
            }
        }
    }
}
