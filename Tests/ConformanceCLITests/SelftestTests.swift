import Foundation
import Testing
import _TestSupport

@Suite struct SelftestTests {
    @Test func caughtFaultsAreStatus0AndCounted() throws {
        let outcome = try Program.run(["selftest", "--suite", "examples", "--fault", "flipped-*"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("3 of 3 faults caught, 0 by fewer than 3 cases, 0 false alarms"))
        #expect(!outcome.output.contains("SURVIVES"))
        for engine in ["reference", "direct", "im2col", "flushed-bias", "flushed-everywhere"] {
            #expect(outcome.output.contains("  \(engine): "))
        }
    }

    @Test func aSurvivorIsStatus1AndComesFirst() throws {
        let outcome = try Program.run([
            "selftest", "--suite", "examples", "--fault", "flipped-kernel", "--fault", "ignored-dilation",
        ])
        #expect(outcome.status == 1)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.dropFirst(2).first?.hasPrefix("SURVIVES  ignored-dilation") == true)
        #expect(outcome.output.contains("ignored-dilation: Taps lie next to each other. (armnn#133)"))
        #expect(outcome.output.contains("1 of 2 faults caught"))
    }

    @Test func aFaultThatFewCasesCatchIsStatus1() throws {
        let outcome = try Program.run(["selftest", "--suite", "examples", "--fault", "swapped-strides"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("thin  swapped-strides"))
    }

    @Test func casesThatAreTooLargeAreListedAsSkipped() throws {
        let outcome = try Program.run([
            "selftest", "--suite", "grid", "--case", "grid/b1-*", "--fault", "flipped-kernel", "--products", "100",
        ])
        #expect(outcome.output.contains("Too large to be tried:"))
    }

    @Test(arguments: [
        (["--fault", "fliped-kernel"], 4, "flipped-kernel"), (["--jobs", "0"], 2, "--jobs is 0"),
        (["--products", "0"], 2, "--products is 0"), (["--markdown", "/nowhere/page.md"], 2, "/nowhere/page.md"),
        (["--suite", "gird"], 2, "grid"),
    ])
    func wrongUsageIsSaidInWords(arguments: [String], status: Int32, word: String) throws {
        let outcome = try Program.run(["selftest"] + arguments)
        #expect(outcome.status == status)
        #expect(outcome.error.contains(word), "\(outcome.error)")
    }

    @Test func theMatrixIsWrittenAsMarkdown() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "kills.md").path
        _ = try Program.run(["selftest", "--suite", "examples", "--fault", "flipped-kernel", "--markdown", path])
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page.hasPrefix("# What the golden cases catch\n"))
        #expect(page.contains(/\nGolden files: [0-9]+ cases, sha256 [0-9a-f]{64}\n/))
        #expect(page.contains("**selftest: 1 of 1 faults caught, 0 by fewer than 3 cases, 0 false alarms**"))
        #expect(page.contains("## Semantics\n\n| fault | what goes wrong | examples | all |\n"))
        #expect(page.contains("## How thin the line is"))
        #expect(page.contains("| `flipped-kernel` | The kernel is flipped along both axes"))
    }
}
