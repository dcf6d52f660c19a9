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
        path: Repository.root.appending(path: "Golden").path,
        suites: [
            "examples", "grid", "interactions", "tails", "numerics", "float16", "float64", "int8", "quantized",
            "gradients",
        ])

    /// The findings about an engine on the small cases of a few suites.
    private func findings(
        _ suites: Set<String> = ["examples", "grid", "interactions", "tails"],
        _ make: @escaping @Sendable () -> any Engine
    ) throws -> [Finding] {
        let golden = try #require(Self.golden)
        // Every third case, and those with bias or padding that others lack, keep a debug build quick.
        let cases = golden.cases.filter { suites.contains($0.suite) }.enumerated()
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
            found.count == 1 && found[0].candidates.contains { $0.name == name } && found[0].spared == 0,
            "\(found.map(told))")
        #expect(found.first?.candidates.first?.summary == fault.summary)
    }

    /// A mistake that the bank knows, made where no fault of the bank makes it: named, and its place told.
    @Test func aKnownMistakeInAnotherPlaceIsNamedWithItsPlace() throws {
        let fault = try #require(Fault.named("ignored-dilation"))
        let found = try findings {
            Picky(wrong: FaultyEngine(fault)) { $0.dilations.width == 3 && $0.groups > 1 }
        }
        let first = try #require(found.first)
        #expect(first.candidates.contains { $0.name == "ignored-dilation" }, "\(found.map(told))")
        #expect(first.spared > 0, "\(found.map(told))")
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
        #expect(names.contains("fused-relu") && names.contains("ignored-dilation"), "\(found.map(told))")
    }

    /// Where both are made at once, the answer is neither's.
    @Test func twoMistakesMadeAtOnceAreNamedTogether() throws {
        let (first, second) = (
            try #require(Fault.named("fused-relu")), try #require(Fault.named("ignored-dilation"))
        )
        let found = try findings { FaultyEngine(first.and(second)) }
        #expect(found.contains { $0.candidates.contains { $0.name == "fused-relu" } }, "\(found.map(told))")
        let both = try #require(
            found.first {
                $0.candidates.contains {
                    ["fused-relu+ignored-dilation", "ignored-dilation+fused-relu"].contains($0.name)
                }
            }, "\(found.map(told))")
        #expect(both.spared == 0)
        #expect(found.allSatisfy { !$0.candidates.isEmpty }, "\(found.map(told))")
    }

    /// Faults that the bank has in float32 only, in engines of other types.
    @Test(arguments: [
        ("float16", "swapped-pad-ends"), ("float64", "ignored-dilation"), ("int8", "swapped-pad-ends"),
        ("quantized", "same-upper-and-lower-swapped"),
    ])
    func aFaultIsNamedInOtherTypes(suite: String, name: String) throws {
        let fault = try #require(Fault.named(name))
        let found = try findings([suite]) { Retyped(fault: fault) }
        // The engine's way to float64 loses infinities, which is another mistake.
        let others = found.dropFirst()
        #expect(
            found.first?.candidates.contains { $0.name == name } == true && found[0].spared == 0
                && others.allSatisfy { $0.cases.allSatisfy { $0.hasSuffix("-special") } },
            "\(found.map(told))")
    }

    @Test(arguments: [
        ("gradients", "input-gradient-dilation-ignored"), ("gradients", "filter-gradient-last-image-lost"),
        ("gradients", "bias-gradient-of-the-next-filter"), ("float16", "float16-through-bfloat16"),
        ("int8", "int8-padding-is-zero"), ("quantized", "quantized-output-zero-point-ignored"),
    ])
    func aFaultOfAnOperationOrATypeIsNamed(suite: String, name: String) throws {
        let fault = try #require(Fault.named(name))
        let found = try findings([suite]) { FaultyEngine(fault) }
        #expect(
            found.count == 1 && found[0].candidates.contains { $0.name == name } && found[0].spared == 0,
            "\(found.map(told))")
    }

    private func told(_ finding: Finding) -> String {
        let names = finding.candidates.map(\.name).joined(separator: ", ")
        return
            "\(names): \(finding.cases.count) of \(finding.allFailing), \(finding.spared) spared, \(finding.cases.suffix(9))"
    }

    /// What is wrong in one type alone is said to be.
    @Test func theTypeIsAmongTheConditions() throws {
        let found = try findings(["float16", "float64"]) { Spoilt { $0.types.output == .float16 } }
        #expect(
            found.contains { $0.rule?.conditions.contains(Condition("has float16 answers", .holds)) == true },
            "\(found.map(told))")
    }

    @Test(arguments: ["answer-one-row-up", "answer-of-next-filter", "answer-in-nchw", "bias-subtracted"])
    func aMistakeWithTheAnswerIsNamed(name: String) throws {
        let found = try findings { Moving(name) }
        #expect(found.first?.candidates.contains { $0.name == name } == true, "\(found.map(told))")
    }

    /// What an engine kept of the cases before is known by the order in which it was asked.
    @Test(arguments: ["stale-filter", "output-not-cleared", "third-call-differs"])
    func aFaultThatRemembersIsNamed(name: String) throws {
        let fault = try #require(Fault.named(name))
        let found = try findings { FaultyEngine(fault) }
        #expect(
            found.count == 1 && found[0].candidates.contains { $0.name == name } && found[0].spared == 0,
            "\(found.map(told))")
    }

    /// Which elements are wrong, where no case tells it.
    @Test func wrongElementsHaveARuleOfTheirOwn() throws {
        let found = try findings { Spoiling { index, shape, value in index[2] == shape[2] - 1 ? 0 : value } }
        let answers = try #require(found.first?.answers, "\(found.map(told))")
        #expect(answers.place?.conditions == [Condition("in the last column", .holds)], "\(answers)")
        #expect(answers.content == .zero && answers.precision == nil, "\(answers)")
    }

    @Test func lostBitsAreCounted() throws {
        let cut = try findings(["numerics"]) {
            Spoiling { _, _, value in Float(bitPattern: value.bitPattern & ~0x1FFF) }
        }
        #expect(
            cut.first?.answers?.precision == .init(bits: 11, isOfAnswers: true, isTowardZero: true),
            "\(cut.first?.answers as Any)")
        // Errors of a part in 2^13 of an answer, whatever its bits.
        let off = try findings(["numerics"]) {
            Spoiling { index, _, value in value * (1 + (index[2] % 2 == 0 ? 0x1p-13 : -0x1p-13)) }
        }
        let precision = try #require(off.first?.answers?.precision)
        #expect(!precision.isOfAnswers && !precision.isTowardZero && (10...20).contains(precision.bits), "\(precision)")
    }

    /// Nothing is named where nothing fits.
    @Test func noiseHasNoName() throws {
        let found = try findings { Noisy() }
        #expect(found.allSatisfy { $0.candidates.isEmpty }, "\(found.map(told))")
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

/// A fault of float32, made with operands of other types.
private struct Retyped: Engine {
    let fault: Fault

    var capabilities: Capabilities { FaultyEngine(nil).capabilities }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        try FaultyEngine(fault).convolve(problem, input: input, filter: filter, bias: bias)
    }

    func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        guard problem.operation == .forward, !problem.isFloat32Forward, let input = operands.input?.doubles,
            let filter = operands.filter?.doubles
        else { return try FaultyEngine(nil).compute(problem, operands) }
        let right = try FaultyEngine(nil).compute(problem, operands)
        let numbers = operands.quantization
        let inputZero = Float(numbers?.input.zeroPoints[0] ?? 0)
        var float32 = problem
        float32.types = .float32
        let input32 = input.map { Float($0) - inputZero }
        let filter32 = Tensor(shape: filter.shape) {
            Float(filter[$0, $1, $2, $3]) - Float(numbers?.filterZeroPoint($3) ?? 0)
        }
        let bias32 = operands.bias?.doubles.elements.map { Float($0) }
        let sums = try convolve(float32, input: input32, filter: filter32, bias: bias32)
        let rightSums = try FaultyEngine(nil).convolve(float32, input: input32, filter: filter32, bias: bias32)
        let wanted = right.doubles
        let answers = Tensor<Double>(shape: sums.shape) { n, y, x, f in
            let sum = Double(sums[n, y, x, f])
            if problem.types.output == .float64 { return wanted[n, y, x, f] + sum - Double(rightSums[n, y, x, f]) }
            guard let numbers, let output = numbers.output else { return sum }
            let scale = Double(numbers.input.scales[0]) * Double(numbers.filterScale(f)) / Double(output.scales[0])
            return (sum * scale).rounded(.toNearestOrEven) + Double(output.zeroPoints[0])
        }
        return AnyTensor(nearest: answers.elements, type: problem.types.output, shape: answers.shape)
    }
}

/// Right, but that it adds something to some answers' first element.
private struct Spoilt: Engine {
    let isWrong: @Sendable (Problem) -> Bool

    init(_ isWrong: @escaping @Sendable (Problem) -> Bool) { self.isWrong = isWrong }

    var capabilities: Capabilities { FaultyEngine(nil).capabilities }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        try FaultyEngine(nil).convolve(problem, input: input, filter: filter, bias: bias)
    }

    func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let right = try FaultyEngine(nil).compute(problem, operands)
        guard isWrong(problem), right.count > 0 else { return right }
        var numbers = right.doubles
        numbers.elements[0] += 37
        return AnyTensor(nearest: numbers.elements, type: right.type, shape: right.shape, order: right.order)
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

/// Wrong by what becomes of each element.
private struct Spoiling: Engine {
    let change: @Sendable (_ index: Shape, _ shape: Shape, _ value: Float) -> Float

    init(_ change: @escaping @Sendable (Shape, Shape, Float) -> Float) { self.change = change }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        let right = try FaultyEngine(nil).convolve(problem, input: input, filter: filter, bias: bias)
        return Tensor(shape: right.shape) { n, y, x, f in change([n, y, x, f], right.shape, right[n, y, x, f]) }
    }
}
