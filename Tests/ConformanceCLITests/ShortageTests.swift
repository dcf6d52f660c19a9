import Foundation
import Testing
import _TestSupport

/// A host that has no more processes is no engine that fails: fewer workers, or status 3 with the reason.
///
/// One after the other: they are one user, and have its processes together.
@Suite(.serialized) struct ShortageTests {
    /// A command that runs another one as a user who has no process yet and may have so many.
    ///
    /// Root is not bound by such a limit, and other users have processes already: the former becomes a user that there is
    /// not, the latter counts anew in a user namespace.
    private static func limited(to processes: Int) -> String {
        let prefix =
            getuid() == 0
            ? "setpriv --reuid=\(1_000_000 + getpid()) --regid=\(1_000_000 + getpid()) --clear-groups"
            : "unshare --user"
        return "\(prefix) prlimit --nproc=\(processes)"
    }

    private static func shell(_ command: String) throws -> ProgramOutcome {
        try Program.run(
            ["-c", command], executable: URL(filePath: "/bin/sh"), environment: ["convcheck": Program.executable.path])
    }

    /// Whether the host lets a test limit processes: the program runs, and a shell cannot start another one.
    private static let canBeLimited: Bool = {
        let runs = try? shell(#"\#(limited(to: 1000)) "$convcheck" list --suites"#)
        let binds = try? shell("\(limited(to: 1)) sh -c '(:)'")
        return runs?.status == 0 && binds.map { $0.status != 0 && $0.error.contains("fork") } == true
    }()

    @Test(
        .enabled(if: canBeLimited, "the host lets nobody limit the processes of a user, or that user run the program"),
        arguments: ["cmd:$convcheck serve direct", "direct"])
    func processesThatRunOutAreNoEnginesFault(_ engine: String) throws {
        var outcomes: [ProgramOutcome] = []
        for processes in [2, 6, 8, 10, 12, 14, 16, 60] {
            let command = #""$convcheck" run --suite examples --jobs 6 --engine "\#(engine)""#
            let outcome = try ShortageTests.shell("\(ShortageTests.limited(to: processes)) \(command)")
            outcomes.append(outcome)
            #expect([0, 3].contains(outcome.status), "\(processes) processes: \(outcome.output)\(outcome.error)")
            if outcome.status == 3 { #expect(outcome.error.contains("Resource temporarily unavailable")) }
        }
        #expect(outcomes.first?.status == 3)
        #expect(outcomes.last?.status == 0)
        #expect(outcomes.last?.error == "")
        #expect(outcomes.contains { $0.status == 0 && $0.error.contains("fewer than 6 cases run at a time") })
    }
}
