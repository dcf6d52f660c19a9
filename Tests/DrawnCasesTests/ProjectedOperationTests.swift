import Conformance
import Convolution
import DrawnCases
import ReferenceEngines
import Testing
import _TestSupport

/// Projections of gradients, transposed convolutions and whole numbers' types.
@Suite struct ProjectedOperationTests {
    /// What is computed, of what.
    struct Kind: CustomTestStringConvertible, Sendable {
        var operation: Convolution.Operation
        var types = ElementTypes.float32
        var testDescription: String { "\(operation.rawValue) of \(types)" }

        var families: [CaseHeader.DataFamily] { types.output == .int32 ? [.integer] : [.integer, .real] }
    }

    static let kinds = [
        Kind(operation: .inputGradient), Kind(operation: .filterGradient),
        Kind(operation: .inputGradient, types: ElementTypes(.float16)),
        Kind(operation: .filterGradient, types: ElementTypes(.float64)),
        Kind(operation: .forward, types: ElementTypes(input: .uint8, filter: .int8, output: .int32)),
        Kind(operation: .forward, types: ElementTypes(input: .int8, filter: .int8, output: .int32)),
    ]

    /// A problem with an answer that is large enough, any of whose numbers may be odd in the company of the others.
    static func problem(_ kind: Kind, using random: inout RandomNumbers) -> Problem {
        while true {
            func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
            let groups = number(1...3)
            // Sixteen or more in a group of the axis that is added up, and few of what is left.
            let isInput = kind.operation == .inputGradient
            let (summed, other) = (number(16...27), kind.operation == .filterGradient ? number(14...20) : number(1...5))
            let (channels, filters) = isInput ? (summed, other) : (other, summed)
            let pads = Pads(top: number(-2...4), bottom: number(-2...4), left: number(-2...4), right: number(-2...4))
            var problem = Problem(
                input: [number(1...2), number(9...17), number(9...17), channels * groups],
                filter: [number(1...5), number(1...5), channels, filters * groups],
                strides: Extent(height: number(1...3), width: number(1...3)),
                dilations: Extent(height: number(1...3), width: number(1...3)),
                padding: [.valid, .sameUpper, .sameLower, .explicit(pads)][number(0...3)], groups: groups,
                operation: kind.operation, types: kind.types)
            if kind.operation.takesBias, kind.types.output != .int32, number(0...1) == 0 {
                problem.biasCount = (isInput ? channels : filters) * groups
            }
            if ProjectedTruth.suits(problem), problem.products < 3e6 { return problem }
        }
    }

    static func golden(
        _ problem: Problem, _ data: CaseHeader.DataFamily, using random: inout RandomNumbers
    ) throws -> GoldenCase {
        let bound = problem.types.output.isShortFloat ? 1 : 30
        var operands = try problem.operands {
            if problem.types.input == .uint8 { return Double(Int.random(in: 0...127, using: &random)) }
            return Double(data == .integer ? random.integer(bound) : random.real())
        }
        if problem.types.output == .int32 {
            let points = (0..<problem.filter[3]).map { _ in Int.random(in: -9...9, using: &random) }
            operands.quantization = Quantization(input: .init(zeroPoints: [100]), filter: .init(zeroPoints: points))
        }
        let header = CaseHeader(suite: "projected", name: "\(problem)", problem: problem, data: data, isDerived: true)
        return try #require(GoldenCase(withoutAnswer: header, operands: operands), "\(problem)")
    }

    private func verdict(_ answer: AnyTensor, _ golden: GoldenCase) -> Verdict {
        Judge().verdict(on: .output(answer, Computation()), to: golden, capabilities: ExactReference().capabilities)
    }

    @Test(arguments: kinds, 0..<5) func rightEnginesPass(kind: Kind, seed: UInt64) throws {
        var random = RandomNumbers(seed: seed)
        let problem = Self.problem(kind, using: &random)
        for data in kind.families {
            let golden = try Self.golden(problem, data, using: &random)
            for engine in [ExactReference(), DirectEngine(), Im2colEngine()] as [any Engine] {
                var trial = Trial(golden)
                for layouts in engine.capabilities.layouts.prefix(2) {
                    let verdict = trial.verdict(on: engine, in: layouts)
                    #expect(verdict.status == .pass, "\(engine), \(problem): \(verdict)")
                    let projection = try #require(verdict.comparison?.projection)
                    let geometry = try problem.geometry()
                    let elements = geometry.shape(of: problem.operation.answer).count
                    #expect(projection.positions * geometry.elementsPerGroup(of: problem.operation) == elements)
                    #expect(projection.failing == 0 && (projection.missedBits ?? 0 >= 40) == (data == .integer))
                }
            }
        }
    }

    /// Whole numbers: one element anywhere that is off by one, or is no number, is found and named.
    @Test(arguments: kinds.filter { $0.types != ElementTypes(.float16) })
    func oneWrongElementIsAlwaysFound(kind: Kind) throws {
        var random = RandomNumbers(seed: 11)
        var problem = Self.problem(kind, using: &random)
        problem.biasCount = nil
        let golden = try Self.golden(problem, .integer, using: &random)
        let right = try ExactReference().compute(problem, golden.operands)
        var numbers = right.doubles.elements
        for turn in 0..<100 {
            let place = Int.random(in: numbers.indices, using: &random)
            let kept = numbers[place]
            let wrong =
                [kept + 1, kept - 1, -kept - 1, 0x1p30] + (kind.types.output == .int32 ? [] : [.nan, kept + 0.5])
            numbers[place] = wrong[turn % wrong.count]
            let verdict = verdict(AnyTensor(nearest: numbers, type: right.type, shape: right.shape), golden)
            let comparison = try #require(verdict.comparison)
            #expect(verdict.status == .fail && comparison.mismatched == 1, "\(place): \(verdict)")
            #expect(comparison.mask?.runs == [place..<place + 1] && comparison.worst.first?.want == kept)
            #expect(comparison.projection?.failing == 1 && comparison.projection?.missedBits ?? 0 >= 40)
            numbers[place] = kept
        }
        #expect(verdict(right, golden).status == .pass)
    }

    /// Reals: one element that is another number altogether, and what is slightly wrong everywhere.
    @Test(arguments: kinds.filter { $0.types == .float32 }) func wrongRealsAreFound(kind: Kind) throws {
        var random = RandomNumbers(seed: 5)
        let problem = Self.problem(kind, using: &random)
        let golden = try Self.golden(problem, .real, using: &random)
        let right = try ExactReference().compute(problem, golden.operands)
        var numbers = right.doubles.elements
        for turn in 0..<20 {
            let place = Int.random(in: numbers.indices, using: &random)
            let kept = numbers[place]
            numbers[place] = [kept + 2, .nan, -.infinity, kept - 2][turn % 4]
            let verdict = verdict(AnyTensor(nearest: numbers, type: right.type, shape: right.shape), golden)
            #expect(verdict.status == .fail && verdict.comparison?.mask?.runs == [place..<place + 1], "\(verdict)")
            numbers[place] = kept
        }
        let short = numbers.map { Double(Float(bitPattern: Float($0).bitPattern & ~0xFFF)) }
        #expect(verdict(AnyTensor(nearest: short, type: .float32, shape: right.shape), golden).status == .fail)
    }

    /// Short types get whole numbers few enough for a bound on their sums.
    @Test func wholeNumbersOfShortTypesAreProjected() throws {
        for type in [ElementType.float16, .bfloat16] {
            let problem = Problem(
                input: [1, 40, 42, 64], filter: [3, 3, 64, 32], padding: .sameUpper, types: ElementTypes(type))
            let header = CaseHeader(suite: "s", name: "n", problem: problem, data: .integer, isDerived: true)
            let golden = try CaseMaker(header, policy: .projected).golden(header) { UInt64($0) + 1 }
            #expect(golden.projected != nil && golden.output == nil, "\(type)")
            let share = golden.operands.filter?.doubles.elements.count { $0 != 0 } ?? 0
            #expect(share > 1000, "\(share) of 18432 weights are left")
        }
    }
}
