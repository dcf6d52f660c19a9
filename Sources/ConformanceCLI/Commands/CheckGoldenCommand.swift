internal import ArgumentParser
internal import Foundation
internal import GoldenStore

/// `convcheck check-golden`: reads the bytes of one golden file on standard input, where a crash does no harm.
///
/// Started by ``GoldenFileChecker``, for a file that nothing vouches for; not for people.
struct CheckGoldenCommand: ParsableCommand {
    static let name = "check-golden"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Checks one golden file, given on standard input.", shouldDisplay: false)

    /// What is wrong, and in which case.
    struct Finding: Codable {
        let caseID: String?
        let message: String
    }

    /// More than the golden files of this project take together; a crafted one could ask for everything there is.
    private static let addressSpace: rlim_t = 16 << 30
    /// Seconds of work for a file of so many bytes; what is sound takes a small part of them.
    static func workSeconds(bytes: Int) -> Int { 60 + bytes >> 20 }
    /// Seconds that it may take on a machine that has much else to do.
    static func seconds(bytes: Int) -> Int { 10 * workSeconds(bytes: bytes) }
    /// The longest answer: a pipe holds it, so nobody need read it while it is written.
    private static let longestAnswer = 32 << 10

    @Argument(help: ArgumentHelp("What the file is called.", valueName: "path"))
    var path: String

    func run() throws {
        // What started this may have blocked or ignored the signal that ends it in time.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        signal(SIGALRM, SIG_DFL)
        alarm(UInt32(Self.seconds(bytes: 1 << 30)))
        Self.limit(RLIMIT_AS, to: Self.addressSpace)
        Self.limit(RLIMIT_CORE, to: 0)
        let bytes = [UInt8](try FileHandle.standardInput.readToEnd() ?? Data())
        alarm(UInt32(Self.seconds(bytes: bytes.count)))
        Self.limit(RLIMIT_CPU, to: rlim_t(Self.workSeconds(bytes: bytes.count)))
        let found = GoldenDirectory.faults(ofFile: path, bytes: bytes)
        try FileHandle.standardOutput.write(contentsOf: Self.answer(found))
    }

    /// The findings as JSON, as many as there is room for.
    private static func answer(_ faults: [GoldenError.Fault]) throws -> Data {
        var findings = faults.prefix(100).map { Finding(caseID: $0.caseID, message: String($0.message.prefix(500))) }
        while true {
            let answer = try JSONEncoder().encode(findings)
            if answer.count <= longestAnswer { return answer }
            findings.removeLast(findings.count / 2)
        }
    }

    private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        // A limit that cannot be set is one that is lower already.
        _ = setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
