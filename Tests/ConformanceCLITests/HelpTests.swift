import Foundation
import Testing
import _TestSupport

/// The help texts, in full, as a user sees them.
@Suite struct HelpTests {
    @Test(arguments: [
        "", "run", "report", "diagnose", "merge", "compare", "baseline", "list", "show", "engines", "verify", "serve",
        "selftest", "fuzz", "bench", "judge",
    ])
    func help(_ command: String) throws {
        let outcome = try Program.run((command.isEmpty ? [] : [command]) + ["--help"])
        #expect(outcome.status == 0)
        try expectSnapshot(outcome.output, command.isEmpty ? "help.txt" : "help-\(command).txt")
    }

    @Test func aPackageOfItsOwnHasACommandOfItsOwnName() throws {
        let folder = try TemporaryFolder()
        let own = folder.url.appending(path: "mycheck")
        try FileManager.default.createSymbolicLink(at: own, withDestinationURL: Program.executable)
        for arguments in [
            ["--help"], ["run", "--help"], ["serve", "--help"], ["run", "--frobnicate"], ["rn"],
            ["list", "--tag", "x"],
        ] {
            let outcome = try Program.run(arguments, executable: own)
            let said = outcome.output + outcome.error
            #expect(said.contains("mycheck"), "\(arguments): \(said)")
            #expect(!said.contains("convcheck "), "\(arguments): \(said)")
        }
        let failed = try Program.run(
            ["run", "--engine", "direct", "--suite", "numerics", "--tolerance", "abs:0", "--quiet", "--max-fail", "1"],
            executable: own)
        #expect(failed.output.contains("repeat   \(own.path) run --engine direct --case "))
    }
}
