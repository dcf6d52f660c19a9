public import Conformance
internal import Foundation

/// Golden files as a source of cases: all of a directory's, or those of named suites.
///
/// Opening checks every file against `SHA256SUMS`, where the directory has one, and reads every case's attributes and
/// shapes. Tensors are read case by case, so that memory holds no more than what is being worked on.
public final class GoldenDirectory: CaseSource {
    /// The path of the directory.
    public let path: String
    /// The names of the opened suites, sorted.
    public let suites: [String]
    /// SHA-256 over one line a file, `<SHA-256>  <suite>.h5`, sorted by name: for a whole directory, that of the
    /// `SHA256SUMS` that it should have.
    public let digest: String
    /// Suite by suite in the order of ``suites``, then in increasing order of the names' bytes.
    public let cases: [CaseDescription]

    private let files: [String: SuiteFile]
    private let positions: [String: Int]

    /// Opens the golden files of a directory.
    ///
    /// - Parameters:
    ///   - suites: the names of the suites to open, or nil for all. With nil, files that `SHA256SUMS` lists must be
    ///     there.
    ///   - exact: computes the outputs that are not stored but proved by a digest; without it such cases cannot be
    ///     loaded.
    /// - Throws: ``GoldenError`` with everything that is wrong with the files and the descriptions of the cases;
    ///   ``UnknownSuite`` where the directory has no file for a name in `suites`.
    public convenience init(
        path: String, suites: [String]? = nil, exact: (any ExactConvolution)? = nil
    ) throws {
        let opened = try SuiteFiles(directory: path, suites: suites, exact: exact)
        // Where something is wrong with a file, reading all of it says more: which datasets a wrong digest is due to.
        let faults = opened.faults + opened.files.filter { !$0.isSound }.flatMap { $0.allFaults() }
        guard faults.isEmpty else { throw GoldenError(faults) }
        self.init(opened)
    }

    private init(_ opened: SuiteFiles) {
        path = opened.directory
        suites = opened.files.map(\.suite)
        digest = Self.digest(of: opened.files)
        let cases = opened.files.flatMap(\.cases)
        self.cases = cases
        files = Dictionary(uniqueKeysWithValues: opened.files.map { ($0.suite, $0) })
        positions = Dictionary(uniqueKeysWithValues: cases.indices.map { (cases[$0].id, $0) })
    }

    /// A case with its tensors; safe on several threads at once.
    ///
    /// - Throws: ``GoldenError`` where its tensors cannot be read or are not what they must be; `UnknownCase` where no
    ///   opened suite has such a case.
    public func load(_ description: CaseDescription) throws -> GoldenCase {
        guard let position = positions[description.id], let file = files[description.suite] else {
            throw UnknownCase(id: description.id)
        }
        return try file.load(cases[position])
    }

    /// Reads everything in a directory, or in named suites, and tells all that is wrong.
    ///
    /// - Throws: as ``init(path:suites:exact:)``, but faults of files and cases are returned.
    public static func verify(
        path: String, suites: [String]? = nil, exact: (any ExactConvolution)? = nil
    ) throws -> Verification {
        let opened = try SuiteFiles(directory: path, suites: suites, exact: exact)
        let faults = opened.faults + opened.files.flatMap { $0.allFaults() }
        return Verification(
            digest: digest(of: opened.files),
            suites: opened.files.map {
                Verification.Suite(name: $0.suite, digest: $0.digest, caseCount: $0.cases.count)
            },
            faults: faults)
    }

    private static func digest(of files: [SuiteFile]) -> String {
        var hash = SHA256()
        for file in files {
            hash.update("\(file.digest)  \(file.suite)\(GoldenFormat.fileExtension)\n")
        }
        return hash.finalize()
    }
}

/// What reading all of a golden directory showed.
public struct Verification: Hashable, Sendable {
    /// A file that could be opened.
    public struct Suite: Hashable, Sendable {
        public let name: String
        /// SHA-256 of the file, in lower-case hexadecimal.
        public let digest: String
        /// How many of its cases have a sound description.
        public let caseCount: Int
    }

    /// As ``GoldenDirectory/digest``, over the files that could be opened.
    public let digest: String
    public let suites: [Suite]
    /// Everything that is wrong; empty where all is well.
    public let faults: [GoldenError.Fault]
}

/// A suite that a golden directory does not have.
public struct UnknownSuite: Error, Hashable, CustomStringConvertible {
    public let name: String
    public let directory: String
    /// The suites that it has, sorted.
    public let available: [String]

    public var description: String {
        "there is no suite '\(name)' in \(directory); it has \(available.joined(separator: ", "))"
    }
}
