import Conformance
import Convolution
import FaultyEngines
import GoldenStore
import Testing
import _TestSupport

@testable import Diagnosis

/// What the failures of engines with one mistake, with two, and with one that nobody knows are said to have in common.
struct DiagnosisTests {
    private static let golden = try? GoldenDirectory(
        path: Repository.root.appending(path: "Golden").path, suites: ["examples", "grid", "interactions", "tails"])

    /// The findings about an engine on the small cases of a few suites.
    private func findings(_ make: @escaping @Sendable () -> any Engine) throws -> [Finding] {
        let golden = try #require(Self.golden)
        // Every third case, and those with bias or padding that others lack, keep a debug build quick.
        let cases = golden.cases.enumerated()
            .filter { $0.element.suite != "grid" || $0.offset % 5 == 0 }.map(\.element)
            .filter { $0.problem.filter.count < 600 }
        var runner = Runner(
            engines: [try InProcessEngine(name: "mine", make: make)], source: golden, cases: cases)
        var diagnosis = FaultDiagnosis()
        diagnosis.timeLimit = .seconds(300)
        runner.diagnosis = diagnosis
        runner.jobs = 2
        var findings: [Finding] = []
        runner.run { event in
            if case .found(let finding) = event { findings.append(finding) }
        }
        return findings
    }

    @Test func aRightEngineHasNone() throws {
        #expect(try findings { FaultyEngine(nil) }.isEmpty)
    }

    @Test(arguments: [
        "same-upper-and-lower-swapped", "ignored-dilation", "swapped-pad-ends", "grouped-unequal-pads", "fused-relu",
    ])
    func aFaultOfTheBankIsNamed(name: String) throws {
        let fault = try #require(Fault.named(name))
        let found = try findings { FaultyEngine(fault) }
        #expect(
            found.count == 1 && found[0].candidates.contains { $0.name == name } && found[0].spared == 0, "\(found)")
        #expect(found.first?.candidates.first?.summary == fault.summary)
    }

    /// A mistake that the bank knows, made where no fault of the bank makes it: named, and its place told.
    @Test func aKnownMistakeInAnotherPlaceIsNamedWithItsPlace() throws {
        let fault = try #require(Fault.named("ignored-dilation"))
        let found = try findings {
            Picky(wrong: FaultyEngine(fault)) { $0.dilations.width == 3 && $0.groups > 1 }
        }
        let first = try #require(found.first)
        #expect(first.candidates.contains { $0.name == "ignored-dilation" }, "\(found)")
        #expect(first.spared > 0, "\(found)")
        let conditions = first.rule?.conditions ?? []
        #expect(conditions.contains(Condition("dilation width", .equals(3))), "\(conditions)")
        #expect(conditions.contains { $0.quantity == "groups" || $0.quantity == "is grouped" }, "\(conditions)")
        #expect(first.rule?.failing == first.rule?.allFailing)
    }

    @Test func twoMistakesAreTwoFindings() throws {
        let (first, second) = (
            try #require(Fault.named("fused-relu")), try #require(Fault.named("ignored-dilation"))
        )
        let found = try findings {
            Picky(wrong: FaultyEngine(second), right: Picky(wrong: FaultyEngine(first)) { $0.biasCount != nil }) {
                $0.biasCount == nil
            }
        }
        let names = found.flatMap(\.candidates).map(\.name)
        #expect(names.contains("fused-relu") && names.contains("ignored-dilation"), "\(found)")
    }

    @Test(arguments: ["answer-one-row-up", "answer-of-next-filter", "answer-in-nchw", "bias-subtracted"])
    func aMistakeWithTheAnswerIsNamed(name: String) throws {
        let found = try findings { Moving(name) }
        #expect(found.first?.candidates.contains { $0.name == name } == true, "\(found)")
    }

    /// Nothing is named where nothing fits.
    @Test func noiseHasNoName() throws {
        let found = try findings { Noisy() }
        #expect(found.allSatisfy { $0.candidates.isEmpty }, "\(found)")
        let rule = try #require(found.first?.rule)
        #expect(rule.conditions == [Condition("stride width", .equals(2))], "\(rule)")
    }
}

/// Wrong as one engine for some problems, and as another for the rest.
private struct Picky: Engine {
    let wrong: any Engine
    var right: any Engine = FaultyEngine(nil)
    let isWrong: @Sendable (Problem) -> Bool

    init(wrong: any Engine, right: any Engine = FaultyEngine(nil), _ isWrong: @escaping @Sendable (Problem) -> Bool) {
        self.wrong = wrong
        self.right = right
        self.isWrong = isWrong
    }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        try (isWrong(problem) ? wrong : right).convolve(problem, input: input, filter: filter, bias: bias)
    }
}

/// Right, but for what becomes of the answer.
private struct Moving: Engine {
    let name: String

    init(_ name: String) { self.name = name }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        let right = try FaultyEngine(nil).convolve(problem, input: input, filter: filter, bias: bias)
        let shape = right.shape
        let planar = right.reordered(to: ActivationLayout.nchw.order).elements
        return Tensor(shape: shape) { n, y, x, f in
            switch name {
            // What comes in at the bottom is anything.
            case "answer-one-row-up": y + 1 < shape[1] ? right[n, y + 1, x, f] : Float(7 * x + f)
            case "answer-of-next-filter": right[n, y, x, (f + 1) % shape[3]]
            case "answer-in-nchw":
                planar[((n * shape[1] + y) * shape[2] + x) * shape[3] + f]
            default: right[n, y, x, f] - 2 * (bias?[f] ?? 0)
            }
        }
    }
}

/// Wrong by a number that follows from nothing.
private struct Noisy: Engine {
    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        var output = try FaultyEngine(nil).convolve(problem, input: input, filter: filter, bias: bias)
        guard problem.strides.width == 2 else { return output }
        for offset in output.elements.indices { output.elements[offset] += Float(offset % 5 + 3) }
        return output
    }
}
