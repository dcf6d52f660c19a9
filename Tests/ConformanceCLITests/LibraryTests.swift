import Foundation
import Testing
import _TestSupport

/// Engines in shared libraries on the command line, among them those of the guide, as they stand there.
@Suite struct LibraryTests {
    /// How the guide's code in one language is compiled, but for `-o FILE`.
    struct Language: Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        let compiler: String
        let arguments: [String]
        let mostLines: Int

        var testDescription: String { name }
    }

    private static let warnings = ["-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-pedantic", "-Werror"]

    private static let c = Language(
        name: "c", file: "mine.c", compiler: "clang", arguments: ["-std=c99"] + warnings, mostLines: 39)

    /// Compilers for C and C++ come with Swift; who has none for Rust has a test less.
    static let languages =
        [
            c,
            Language(
                name: "c++", file: "mine.cpp", compiler: "clang++", arguments: ["-std=c++11"] + warnings, mostLines: 45),
            Language(
                name: "rust", file: "mine.rs", compiler: "rustc",
                arguments: ["-O", "-D", "warnings", "--crate-type", "cdylib"], mostLines: 80),
        ].filter { isOnPath($0.compiler) || $0.name != "rust" }

    @Test(arguments: languages)
    func theGuidesExamplePassesAsItStandsThere(_ language: Language) throws {
        let folder = try TemporaryFolder()
        let guide = try String(
            contentsOf: Repository.root.appending(path: "Scripts/engines/README.md"), encoding: .utf8)
        let code = try #require(guide.components(separatedBy: "```\(language.name)\n").dropFirst().first)
            .components(separatedBy: "```")[0]
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count - 1 <= language.mostLines)
        try folder.write(code, to: language.file)
        let library = try compile(language, in: folder)
        let outcome = try Program.run(["run", "--engine", library, "--suite", "examples", "--suite", "grid"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains(/passed: all [\d,]+ checks on 1 engine/), "\(outcome.output)")
        #expect(outcome.output.hasPrefix("mine "), "\(outcome.output)")
    }

    @Test func aCrashingLibraryCostsItsCasesAndIsRepeatedAsItWasGiven() throws {
        let folder = try TemporaryFolder()
        let library = try engine(#"return *(volatile int *)(request->size & 0);"#, in: folder)
        let outcome = try Program.run(["run", "--engine", library, "--suite", "examples", "--max-fail", "2"])
        #expect(outcome.status == 1, "\(outcome.error)")
        #expect(outcome.output.contains("killed by SIGSEGV"))
        #expect(outcome.output.contains("2 crash"))
        #expect(outcome.output.contains("run --engine \(library) --case examples/"))
        #expect(!outcome.output.contains("Backtrac"))
    }

    @Test func unwrittenElementsAreToldWithTheirPlace() throws {
        let folder = try TemporaryFolder()
        let library = try engine("((float *)request->answer->data)[0] = 0; return CONVCHECK_DONE;", in: folder)
        let outcome = try Program.run(
            ["run", "--engine", library, "--suite", "examples", "--max-fail", "1", "--quiet"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("output element [0, 0, 1, 0] was never written (one of 3)"))
    }

    @Test(arguments: [
        ("lib:no-such.so", 3, "engine 'lib:no-such.so' could not be started: open 'no-such.so': No such file"),
        ("lib:Package.swift", 3, "it cannot be loaded as a shared library: ./Package.swift: "),
        ("lib:Golden", 3, "'Golden' is not a file; expected a shared library"),
        ("lib:", 2, "--engine 'lib:' cannot be understood: it names no file"),
        ("lib:no-such.so#", 2, "no engine's name follows '#'; expected lib:PATH or lib:PATH#NAME"),
        ("./libmine.so", 2, "there is no engine './libmine.so'"),
        ("./libmine.so", 2, "a shared library as 'lib:PATH'"),
    ])
    func aLibraryThatCannotBeUsedIsAnErrorWithWords(_ word: String, _ status: Int32, _ says: String) throws {
        let outcome = try Program.run(["run", "--engine", word, "--suite", "examples"])
        #expect(outcome.status == status)
        #expect(outcome.error.contains(says), "\(outcome.error)")
        #expect(!outcome.error.contains("exe:"), "\(outcome.error)")
    }

    @Test func aReportDoesNotReplaceTheLibrary() throws {
        let folder = try TemporaryFolder()
        let library = try engine("return CONVCHECK_UNSUPPORTED;", in: folder)
        let path = String(library.dropFirst("lib:".count))
        let before = try Data(contentsOf: URL(filePath: path))
        let outcome = try Program.run(["run", "--engine", library, "--suite", "examples", "--junit", path])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("part of an engine's command"), "\(outcome.error)")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func aWorkerWithoutARunnerEnds() throws {
        #expect(try Program.run(["serve", "lib:no-such.so"]).status == 3)
        #expect(try Program.run(["serve", "lib:"]).status == 2)
    }

    /// `lib:PATH` of an engine in C whose convolution has the given body.
    private func engine(_ body: String, in folder: TemporaryFolder) throws -> String {
        let code = """
            #include <convcheck_engine.h>
            const char *convcheck_capabilities_v1(const char *engine) { (void)engine; return "{}"; }
            convcheck_status convcheck_convolve_v1(const convcheck_request *request) { (void)request; \(body) }

            """
        try folder.write(code, to: "mine.c")
        return try compile(LibraryTests.c, in: folder)
    }

    private func compile(_ language: Language, in folder: TemporaryFolder) throws -> String {
        let library = folder.file("libmine.so")
        let include = language.name == "rust" ? [] : ["-I", "Sources/CConvcheckEngine/include"]
        let outcome = try Program.run(
            [language.compiler] + language.arguments + include + [folder.file(language.file), "-o", library],
            executable: URL(filePath: "/usr/bin/env"))
        try #require(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        return "lib:" + library
    }

    private static func isOnPath(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
