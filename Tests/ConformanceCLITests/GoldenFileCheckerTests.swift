import Conformance
import Convolution
import Foundation
import GoldenStore
import Testing
import _TestSupport

@testable import ConformanceCLI

/// Golden files that no list vouches for, looked at in a process that may die.
@Suite struct GoldenFileCheckerTests {
    /// What is said of a file where a shell does `script` in place of the check.
    private func faults(_ script: String, timeout: Duration? = nil) throws -> [String] {
        let checker = GoldenFileChecker(executable: "/bin/sh", arguments: ["-c", script], timeout: timeout)
        return try checker.faults(path: "/goldens/mine.h5", bytes: [UInt8](repeating: 7, count: 1 << 20))
            .map(\.description)
    }

    @Test func aCrashIsAFaultOfTheFile() throws {
        #expect(
            try faults("kill -SEGV $$")
                == ["/goldens/mine.h5: is not to be read: libhdf5 crashed on it (Segmentation fault)"])
    }

    @Test func aCheckThatNeverEndsIsAFaultOfTheFile() throws {
        #expect(
            try faults("exec sleep 100", timeout: .milliseconds(200))
                == ["/goldens/mine.h5: is not to be read: libhdf5 was still at it after 0.2 seconds"])
        // What the check does to itself after a while.
        for signal in [SIGALRM, SIGXCPU] {
            #expect(GoldenFileChecker.description(ofSignal: signal) == "libhdf5 did not come to an end with it")
        }
    }

    @Test func whatIsNoCheckIsAnInternalFault() {
        for script in ["exit 3", "cat >/dev/null; echo nonsense", "cat >/dev/null"] {
            let stop = #expect(throws: Stop.self, "\(script)") { _ = try faults(script) }
            #expect(stop?.status == .internalFault && stop?.message?.contains("/goldens/mine.h5") == true)
        }
        #expect(throws: Stop.self) {
            _ = try GoldenFileChecker(executable: "/nowhere", arguments: []).faults(path: "", bytes: [])
        }
    }

    /// The whole chain: bytes in, findings out.
    @Test func theProgramChecksWhatItIsGiven() throws {
        let checker = GoldenFileChecker(executable: Program.executable.path)
        let path = Repository.root.appending(path: "Golden/examples.h5")
        let sound = [UInt8](try Data(contentsOf: path))
        #expect(try checker.faults(path: "examples.h5", bytes: sound).isEmpty)
        #expect(
            try checker.faults(path: "other.h5", bytes: sound).map(\.description)
                == ["other.h5: attribute 'suite' is 'examples', expected 'other' from the file's name"])
        #expect(
            try checker.faults(path: "examples.h5", bytes: Array(sound.dropLast())).first?.message.contains("truncated")
                == true)
    }

    @Test func aFolderWithoutAListIsSaidToHaveNone() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5"])
        let outcome = try Program.run(["list", "--golden", folder.url.path])
        #expect(outcome.status == 0)
        #expect(outcome.error.contains("note: \(folder.url.path) has no SHA256SUMS"), "\(outcome.error)")
        var bytes = try Data(contentsOf: folder.url.appending(path: "examples.h5"))
        bytes[bytes.count / 2] ^= 0xFF
        try bytes.write(to: folder.url.appending(path: "examples.h5"))
        let damaged = try Program.run(["list", "--golden", folder.url.path])
        #expect(damaged.status == 5 && damaged.error.contains("examples.h5"), "\(damaged)")
    }

    /// A case that is not looked at is not one that is sound.
    @Test func verifySaysWhatItLeavesOut() throws {
        let folder = try TemporaryFolder()
        let problem = Problem(input: [1, 256, 256, 1], filter: [1, 1, 1, 1])
        let zeros = Tensor<Float>(repeating: 0, shape: problem.input)
        let golden = GoldenCase(
            header: CaseHeader(suite: "mine", name: "large", problem: problem, data: .integer),
            input: zeros, filter: Tensor(repeating: 1, shape: problem.filter),
            output: GoldenCase.Output(expected: Tensor(repeating: 0, shape: zeros.shape), magnitude: zeros))
        var writer = try SuiteWriter(
            creating: folder.url.appending(path: "mine.h5").path, title: "", description: "", generator: "tests")
        try writer.append(golden)
        try writer.finish()
        let outcome = try Program.run(["verify", "--golden", folder.url.path, "--memory-limit", "1"])
        #expect(outcome.status == 4, "\(outcome)")
        #expect(
            outcome.error.contains("mine/large: not verified: its tensors need 1 MiB, the limit is 1 MiB"), "\(outcome)"
        )
        #expect(!outcome.output.contains("verified"))
        #expect(try Program.run(["verify", "--golden", folder.url.path]).status == 0)
    }
}
