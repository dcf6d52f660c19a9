public import Conformance

/// Golden files as a source of cases: all of a directory's, or those of named suites.
///
/// Opening reads every file once, into memory, checks it against `SHA256SUMS`, where the directory has one, and reads
/// the table of its cases. Tensors are unpacked case by case, each case proved by the digest that it carries.
/// What becomes of the files in the meantime does not matter.
public final class GoldenDirectory: CaseSource {
    /// A case whose tensors need more bytes is not loaded unless told otherwise: 4 GiB.
    public static let defaultMemoryLimit = 4 << 30

    /// The path of the directory.
    public let path: String
    /// The names of the opened suites, sorted.
    public let suites: [String]
    /// SHA-256 over one line a file, `<SHA-256>  <suite>.h5`, sorted by name: for a whole directory, that of the
    /// `SHA256SUMS` that it should have.
    public let digest: String
    /// Suite by suite in the order of ``suites``, then in increasing order of the names' bytes.
    public let cases: [CaseHeader]
    /// Whether the directory has a `SHA256SUMS`, without which nothing vouches for the files.
    public let isListed: Bool

    private let files: [String: SuiteFile]

    /// Opens the golden files of a directory.
    ///
    /// - Parameters:
    ///   - suites: the names of the suites to open, or nil for all. With nil, files that `SHA256SUMS` lists must be
    ///     there.
    ///   - memoryLimit: a case whose tensors need more bytes is refused on loading, before they are allocated.
    ///   - verifies: whether tensors are found in every way that a file allows; they are found in the fastest otherwise.
    ///   - check: looks at each file first where there is no `SHA256SUMS`.
    /// - Throws: ``GoldenError`` with everything that is wrong with the files and the descriptions of the cases;
    ///   ``UnknownSuite`` where the directory has no file for a name in `suites`; what `check` throws.
    public convenience init(
        path: String, suites: [String]? = nil, memoryLimit: Int = defaultMemoryLimit, verifies: Bool = false,
        check: UnlistedFileCheck? = nil
    ) throws {
        let opened = try SuiteFiles(
            directory: path, suites: suites, loading: .init(memoryLimit: memoryLimit),
            way: verifies ? .everyWay : .byOffset, check: check)
        // Where something is wrong with a file, reading all of it says more: what else is damaged.
        let faults = opened.faults + opened.files.filter { !$0.caseFaults.isEmpty }.flatMap { $0.allFaults() }
        guard faults.isEmpty else { throw GoldenError(faults) }
        self.init(opened)
    }

    private init(_ opened: SuiteFiles) {
        path = opened.directory
        suites = opened.files.map(\.suite)
        isListed = opened.isListed
        digest = Self.digest(of: opened.files)
        cases = opened.files.flatMap(\.cases)
        files = Dictionary(uniqueKeysWithValues: opened.files.map { ($0.suite, $0) })
    }

    /// A case with its tensors; safe on several threads at once.
    ///
    /// - Throws: ``GoldenError`` where its tensors cannot be read or are not what they must be; `UnknownCase` where no
    ///   opened suite has such a case.
    public func load(_ header: CaseHeader) throws -> GoldenCase {
        guard let file = files[header.suite], let entry = file.entry(of: header) else {
            throw UnknownCase(id: header.id)
        }
        return try file.load(entry)
    }

    public func exactExtent(of header: CaseHeader) -> ExactExtent {
        files[header.suite]?.entry(of: header)?.exactExtent ?? .whole
    }

    /// SHA-256 of a suite's file, in lower-case hexadecimal; nil where that suite is not opened.
    public func digest(ofSuite suite: String) -> String? {
        files[suite]?.digest
    }

    /// The bytes that a case's tensors take in memory, the engine's answer among them; nil beyond 64 bits, and for a case
    /// that no opened suite has.
    public func bytesInMemory(of header: CaseHeader) -> Int? {
        files[header.suite]?.entry(of: header)?.bytesInMemory
    }

    /// Everything that is wrong with the bytes of one golden file, as far as reading it shows; nothing is derived.
    ///
    /// Bytes made to harm can make libhdf5 crash, or wait: call it in a process that may die.
    ///
    /// - Parameter path: what the faults call the file; it is not opened.
    public static func faults(
        ofFile path: String, bytes: [UInt8], memoryLimit: Int = defaultMemoryLimit
    ) -> [GoldenError.Fault] {
        let file = RawFile(path: path, bytes: bytes)
        let name = path.split(separator: "/").last ?? ""
        do throws(GoldenError) {
            return try SuiteFile(
                String(name.dropLast(GoldenFormat.fileExtension.count)), file: file, digest: file.digest,
                loading: .init(memoryLimit: memoryLimit)
            ).allFaults(derives: false)
        } catch {
            return error.faults
        }
    }

    private static func digest(of files: [SuiteFile]) -> String {
        var hash = SHA256()
        // In the order of the files' names, in which `a-b.h5` comes before `a.h5`.
        let named = files.map { (name: $0.suite + GoldenFormat.fileExtension, digest: $0.digest) }
        for file in named.sorted(by: { $0.name < $1.name }) { hash.update("\(file.digest)  \(file.name)\n") }
        return hash.finalize()
    }
}

/// Looks at a golden file that no list vouches for, where a crash of libhdf5 does no harm: in another process, by
/// ``GoldenDirectory/faults(ofFile:bytes:memoryLimit:)``.
///
/// It gets the file's path and its bytes, which are what is parsed afterwards, and returns what is wrong with them.
public typealias UnlistedFileCheck = @Sendable (_ path: String, _ bytes: [UInt8]) throws -> [GoldenError.Fault]

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
