import Conformance
import ConformanceTesting
import Convolution
import FaultyEngines
import ReferenceEngines
import Synchronization
import Testing
import _TestSupport

/// Issues are known ones here: what a test of an engine author's would fail with.
@Suite struct CheckEngineTests {
    /// What a check records: text and line.
    private func issues(_ check: () -> Void) -> [(text: String, line: Int?)] {
        let log = IssueLog()
        withKnownIssue {
            check()
        } matching: { issue in
            log.note(issue.comments.map(\.rawValue).joined(separator: "\n"), issue.sourceLocation?.line)
            return true
        }
        return log.issues
    }

    /// Answers with zeros, of what it declares.
    private struct Zeros: Engine {
        var capabilities = Capabilities()

        func convolve(
            _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
        ) throws -> Tensor<Float> { Tensor(repeating: 0, shape: try problem.geometry().outputShape) }

        func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
            let shape = try problem.geometry().shape(of: problem.operation.answer)
            let type = problem.types[problem.operation.answer]
            return AnyTensor(nearest: [Double](repeating: 0, count: shape.count), type: type, shape: shape)
        }
    }

    @Test func aRightEngineHasNoIssue() {
        checkEngine(suites: ["examples"]) { DirectEngine() }
    }

    @Test func goldensAreFoundByThemselvesAndCasesAreChosen() {
        checkEngine(cases: ["examples/*", "degenerate/*"], skipping: ["degenerate/b0*"], layouts: .preferred, jobs: 2) {
            Im2colEngine()
        }
    }

    @Test func everyFailingCaseOfAWrongEngineIsAnIssueAfterWhatTheyHaveInCommon() throws {
        let line = #line + 2
        let issues = issues {
            checkEngine(suites: ["examples"], mostIssues: 3) { FaultyEngine(Fault.named("flipped-kernel")) }
        }
        #expect(issues.allSatisfy { $0.line == line })
        #expect(issues.count == 5)
        let findings = try #require(issues.first).text
        #expect(findings.hasPrefix("1 finding\n1. flipped-kernel: exactly what all "))
        #expect(findings.contains("\n     smallest  examples/"))
        for issue in issues[1..<4] {
            #expect(issue.text.hasPrefix("fail FaultyEngine examples/"))
            for words in ["elements differ: got ", "\n  problem  input ", "\n  worst    [n, y, x, f]", "\n  where    "]
            {
                #expect(issue.text.contains(words), "\(issue.text)")
            }
            #expect(issue.text.contains("\n  repeat   checkEngine(cases: [\"examples/"))
        }
        #expect(try #require(issues.last).text.contains("more failing case"))
    }

    /// Only what was chosen is asked of the engine.
    @Test func operationsAndTypesChooseCases() {
        let everything = Capabilities.everything
        let failures = issues {
            checkEngine(
                cases: ["float16/*"], operations: [.biasGradient, .filterGradient], types: [.float16],
                layouts: .preferred, mostIssues: .max
            ) { Zeros(capabilities: everything) }
        }.filter { $0.text.hasPrefix("fail Zeros float16/") }
        #expect(failures.count > 5)
        #expect(
            failures.allSatisfy {
                $0.text.contains("bias-gradient, float16, ") || $0.text.contains("filter-gradient, float16, ")
            })
        let none = issues { checkEngine(suites: ["float16"], types: [.int8]) { Zeros(capabilities: everything) } }
        #expect(none.count == 1 && none.allSatisfy { $0.text.hasPrefix("the options leave no case of ") })
    }

    @Test func whatIsNotExecutedHasNotPassed() throws {
        let none = Capabilities(types: [.bfloat16])
        let undeclared = issues {
            checkEngine(suites: ["examples"], types: [.float32]) { Zeros(capabilities: none) }
        }
        #expect(undeclared.count == 1)
        let text = try #require(undeclared.first).text
        #expect(text.hasPrefix("NOTHING EXECUTED: of "))
        #expect(text.contains("unsupported by Zeros: the engine does not declare the element types ("))
        struct Declining: Engine {
            func convolve(
                _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
            ) throws -> Tensor<Float> { throw EngineRefusal.unsupported("not today") }
        }
        let declined = issues {
            checkEngine(suites: ["examples"], operations: [.forward], types: [.float32]) { Declining() }
        }
        #expect(declined.count == 1)
        #expect(try #require(declined.first).text.contains("not today"))
    }

    @Test func whatIsWrongWithTheCallIsAnIssue() throws {
        func text(_ check: () -> Void) throws -> String {
            let issues = issues(check)
            #expect(issues.count == 1)
            return try #require(issues.first).text
        }
        #expect(try text { checkEngine(suites: ["gird"]) { Zeros() } }.hasPrefix("there is no suite 'gird'"))
        #expect(
            try text { checkEngine(suites: ["examples"], tags: ["gird"]) { Zeros() } }.hasPrefix(
                "there is no tag 'gird'"))
        #expect(
            try text { checkEngine(cases: ["examples/nothing"]) { Zeros() } }
                .hasPrefix("no case matches 'examples/nothing'; nearest: "))
        #expect(
            try text { checkEngine(golden: "/nowhere") { Zeros() } } == "there is no folder '/nowhere' of golden files")
        #expect(
            try text { checkEngine(suites: ["examples"]) { try Self.engineWithoutADevice() } }
                .hasPrefix("engine 'Zeros' could not be started: "))
    }

    private static func engineWithoutADevice() throws -> Zeros { throw EngineRefusal.unsupported("no device") }

    @Test func damagedGoldensAreAnIssue() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5", "SHA256SUMS"])
        let path = folder.path
        checkEngine(suites: ["examples"], golden: path, jobs: 1) { DirectEngine() }
        var bytes = try folder.read("examples.h5")
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: "examples.h5")
        let damaged = issues { checkEngine(suites: ["examples"], golden: path) { DirectEngine() } }
        #expect(damaged.count == 1)
        #expect(try #require(damaged.first).text.contains("examples.h5: "))
    }

    @Test func goldensThatNothingVouchesForAreAnIssue() throws {
        let folder = try TemporaryFolder()
        try folder.addGoldens(["examples.h5"])
        let path = folder.path
        let issues = issues { checkEngine(golden: path) { DirectEngine() } }
        #expect(issues.count == 1)
        #expect(try #require(issues.first).text.contains("has no SHA256SUMS"))
    }
}

/// Issues in the order in which they were recorded.
private final class IssueLog: Sendable {
    private let storage = Mutex<[(text: String, line: Int?)]>([])

    var issues: [(text: String, line: Int?)] { storage.withLock { $0 } }

    func note(_ text: String, _ line: Int?) { storage.withLock { $0.append((text, line)) } }
}
