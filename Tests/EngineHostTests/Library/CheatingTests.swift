import Conformance
import Convolution
import EngineHost
import Foundation
import Testing
import _TestSupport

/// Engines that try to pass without computing: each is caught, or what it tries is of no use to it.
struct CheatingTests {
    private static let problem = Problem(input: [1, 3, 5, 1], filter: [1, 1, 1, 1])

    /// Cases of one shape: some share their input, some their first number, some are of whole numbers.
    private static let cases: CaseList = {
        var random = RandomNumbers(seed: 11)
        var cases: [GoldenCase] = []
        for place in 0..<60 {
            let isInteger = place % 3 == 0
            var numbers = (0..<15).map { _ in
                isInteger ? Double(random.integer(50)) : Double(Float(random.integer(50)) / 7)
            }
            if place % 4 == 0 { numbers[0] = 3 }
            if place % 5 == 1, let before = cases.last?.operands.input?.doubles.elements { numbers = before }
            let operands = Operands(
                input: Tensor(shape: problem.input, elements: numbers.map { Float($0) }),
                filter: Tensor(shape: problem.filter, elements: [isInteger ? Float(place + 2) : Float(place + 2) / 3]),
                bias: nil)
            if let golden = try? GoldenCase(
                exact: problem, operands, isInteger ? .integer : .real, suite: "cheats", name: "case-\(place)")
            {
                cases.append(golden)
            }
        }
        return CaseList(cases)
    }()

    private static func results(of engine: any EngineUnderTest) -> [CaseResult] {
        var runner = Runner(engines: [engine], source: cases, cases: cases.cases)
        runner.repeats = 2
        var results: [CaseResult] = []
        runner.run { if case .finished(let result) = $0 { results.append(result) } }
        return results
    }

    private static func engine(_ name: String, _ confinement: Confinement? = nil) throws -> LibraryEngine {
        try LibraryEngine.quick(SharedLibrary.cheating(name), confinement: confinement)
    }

    @Test func theCasesAreThere() throws {
        #expect(Self.cases.cases.count == 60)
        #expect(Self.results(of: try Self.engine("honest")).allSatisfy { $0.status == .pass })
    }

    @Test(arguments: [
        "keeps by shape", "keeps by digest of the input", "keeps by first value", "answers from freed memory",
        "leaves its answer to a thread", "writes nothing", "lower precision", "right ten times", "constant", "zeros",
        "not a number", "copies the input", "destroys the input", "swallows its faults", "forges an answer",
    ])
    func aCheatIsCaught(_ name: String) throws {
        let results = Self.results(of: try Self.engine(name))
        let failures = results.filter { $0.status.isFailure }
        #expect(!failures.isEmpty)
        // Where only what comes back is wrong, what is answered for the first time is right.
        let causes = Set(
            failures.compactMap { result in
                result.verdict.cause.map { String("\($0)".prefix { $0.isLetter }) }
            })
        #expect(!causes.isEmpty, "\(causes)")
    }

    /// It gets nothing from what it tries, and so has to compute.
    @Test func aCheatIsOfNoUse() throws {
        let computing = Self.results(of: try Self.engine("keeps computing"))
        #expect(
            computing.allSatisfy { $0.status == .pass }, "\(computing.first { $0.status != .pass }?.verdict as Any)")
        // An address that comes back brings an answer that is wrong, and told.
        let pointers = Self.results(of: try Self.engine("keeps by pointer"))
        #expect(pointers.allSatisfy { $0.status == .pass || $0.status == .fail })
        #expect(pointers.first?.status == .pass)
        let writing = Self.results(of: try Self.engine("writes to the runner's copy"))
        #expect(writing.allSatisfy { $0.status == .pass || $0.status == .fail })
    }

    static let reaching = [
        "network", "local socket", "disk", "passwords", "helper", "trace", "remote memory", "memory file",
        "command line",
        "open files", "signal", "limits of the runner", "priority of the runner", "environment", "inherited files",
    ]

    private static var isWhole: Bool { Confinement().lacking.isEmpty }
    private static var isWholeWithCompilers: Bool { Confinement(compilers: true).lacking.isEmpty }

    @Test(
        .enabled(if: isWhole),
        arguments: (reaching + ["signal by a descriptor"]).map { ($0, false) }
            + reaching.filter { $0 != "helper" && isWholeWithCompilers }.map { ($0, true) })
    func aConfinedEngineReachesNothing(_ name: String, _ compilers: Bool) throws {
        let results = Self.results(of: try Self.engine(name, Confinement(compilers: compilers)))
        #expect(
            results.allSatisfy { $0.status == .pass }, "\(results.first { $0.status != .pass }?.verdict.cause as Any)")
    }

    /// The probes can tell: what is not confined reaches what its user may reach.
    @Test(arguments: [
        "network", "disk", "passwords", "helper", "command line", "signal", "limits of the runner",
        "priority of the runner",
        "signal by a descriptor",
    ])
    func anEngineThatIsNotConfinedReachesIt(_ name: String) throws {
        let session = try Self.engine(name).openSession()
        let answer = session.answer(Requests.product(2, 3)).words
        #expect(answer.kind == "error" && answer.text.contains("it reached"), "\(answer)")
        try? FileManager.default.removeItem(atPath: "/tmp/convcheck-cheat")
    }

    @Test(.enabled(if: isWhole)) func aConfinedEngineHasAsManyThreadsAsItMayHave() throws {
        func answer(_ threads: Int?) throws -> (kind: String, text: String) {
            let library = try SharedLibrary.cheating("threads without end")
            let engine = try LibraryEngine.quick(library, threads: threads, confinement: Confinement())
            return try engine.openSession().answer(to: Requests.product(2, 3), within: .milliseconds(600)).words
        }
        let stopped = try answer(64)
        // It may be looked at before it has all of its 201.
        let count = stopped.text.firstMatch(of: /it had (\d+) threads, and may have 64/).flatMap { Int($0.1) }
        #expect(stopped.kind == "crash" && (65...201).contains(count ?? 0), "\(stopped)")
        // As many are nobody's harm where nothing is said.
        #expect(try answer(nil).kind == "timeout")
    }

    /// It asks for a session of its own, and gets none.
    @Test(.enabled(if: isWholeWithCompilers)) func whatAConfinedEngineStartsEndsWithIt() throws {
        func areLeft() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
                let text = try? String(contentsOfFile: "/proc/\(name)/comm", encoding: .utf8)
                return text == "left-behind\n"
            }
        }
        do {
            let engine = try Self.engine("helper in another session", Confinement(compilers: true))
            let session = try engine.openSession()
            #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
            for _ in 0..<2000 where try !areLeft() { usleep(10_000) }
            #expect(try areLeft())
        }
        for _ in 0..<2000 where try areLeft() { usleep(10_000) }
        #expect(try !areLeft())
    }

    @Test(.enabled(if: isWhole)) func whatIsHiddenIsNotReadThoughItLiesInTheEnginesFolder() throws {
        let folder = try TemporaryFolder()
        for name in ["Golden/deep", "other/deep", ".git"] {
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: name), withIntermediateDirectories: true)
        }
        for name in ["Golden/grid.h5", "Golden/deep/a", "other/deep/a", "beside", ".git/objects"] {
            try folder.write("secret", to: name)
        }
        let script = """
            import os
            readable = []
            for name in ["Golden/grid.h5", "Golden/deep/a", "other/deep/a", "beside", ".git/objects"]:
                try:
                    open(os.path.join(\(String(reflecting: folder.path)), name)).close()
                    readable.append(name)
                except OSError:
                    pass
            import sys
            print(readable, file=sys.stderr, flush=True)
            import json
            sys.stdin.readline()
            print(json.dumps({"type": "hello", "protocol": 1, "engine": {"name": "reader"}}), flush=True)
            sys.stdin.readline()
            """
        let path = try folder.write(script, to: "engine.py")
        let lines = Lines()
        let engine = try CommandEngine(
            EngineCommand(words: ["/usr/bin/python3", path]),
            limits: EngineLimits(
                greeting: .seconds(20), confinement: Confinement(hidden: [folder.url.appending(path: "Golden").path])),
            standardError: { lines.add($0) })
        withExtendedLifetime(engine) { #expect(lines.all == ["['other/deep/a', 'beside']"]) }
    }

    @Test func anAnswerOfAShapeThatWouldBroadcastIsWrong() throws {
        let engine = try WorkerEngine(
            "print", worker: EngineCommand.served("worker", "print").words, limits: EngineLimits(greeting: .seconds(20))
        )
        let results = Self.results(of: engine)
        #expect(
            results.allSatisfy { result in
                if case .wrongShape? = result.verdict.cause { result.status == .fail } else { false }
            })
    }
}
