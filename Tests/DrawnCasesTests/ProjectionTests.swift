import Conformance
import Convolution
import DrawnCases
import ReferenceEngines
import Testing
import _TestSupport

/// An engine whose answer is given.
private struct GivenAnswer: Engine {
    var answer: Tensor<Float>
    var capabilities: Capabilities { Capabilities(negativePads: true) }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> { answer }
}

@Suite struct ProjectionTests {
    /// Problems of every kind, with answers large enough to be projected.
    static let problems = [
        Problem(input: [2, 17, 19, 8], filter: [3, 3, 8, 32], biasCount: 32, padding: .sameUpper),
        Problem(input: [1, 30, 23, 12], filter: [5, 2, 4, 51], strides: Extent(height: 2, width: 1), groups: 3),
        Problem(
            input: [3, 16, 18, 6], filter: [3, 4, 6, 20], strides: Extent(height: 1, width: 2),
            dilations: Extent(height: 3, width: 2), padding: .explicit(Pads(top: 4, bottom: 2, left: 0, right: 5))),
        Problem(input: [1, 40, 41, 3], filter: [1, 1, 3, 16], biasCount: 16),
        Problem(
            input: [2, 14, 15, 64], filter: [3, 3, 64, 70], biasCount: 70,
            padding: .explicit(Pads(top: -1, bottom: 2, left: 3, right: -2))),
        Problem(input: [1, 12, 12, 16], filter: [9, 7, 16, 48], padding: .sameLower),
    ]

    static func golden(
        _ problem: Problem, _ data: CaseHeader.DataFamily, type: ElementType = .float32, seed: UInt64 = 1
    ) throws -> GoldenCase {
        var problem = problem
        problem.types = ElementTypes(type)
        var random = RandomNumbers(seed: seed)
        let bound = type == .float16 || type == .bfloat16 ? 1 : 30
        let operands = try problem.operands { Double(data == .integer ? random.integer(bound) : random.real()) }
        let header = CaseHeader(suite: "projected", name: "\(problem)", problem: problem, data: data, isDerived: true)
        return try #require(GoldenCase(withoutAnswer: header, operands: operands), "\(problem)")
    }

    private func verdict(_ answer: Tensor<Float>, _ golden: GoldenCase, seed: UInt64? = nil) -> Verdict {
        var judge = Judge()
        judge.projectionSeed = seed
        var trial = Trial(golden, judge: judge)
        return trial.verdict(on: GivenAnswer(answer: answer), in: .golden)
    }

    private func right(_ golden: GoldenCase) throws -> Tensor<Float> {
        let (input, filter, bias) = try #require(golden.operands.float32)
        return try ExactReference().convolve(golden.header.problem, input: input, filter: filter, bias: bias)
    }

    @Test(arguments: problems, [CaseHeader.DataFamily.integer, .real])
    func rightEnginesPass(problem: Problem, data: CaseHeader.DataFamily) throws {
        let engines: [any Engine] = [ExactReference(), DirectEngine(), Im2colEngine(), FFTEngine()]
        for seed in 0..<3 as Range<UInt64> {
            let golden = try Self.golden(problem, data, seed: seed)
            for engine in seed == 0 ? engines : engines.dropLast() {
                var trial = Trial(golden)
                for layouts in engine.capabilities.layouts.prefix(2) {
                    let verdict = trial.verdict(on: engine, in: layouts)
                    #expect(verdict.status == .pass, "\(engine), \(problem): \(verdict)")
                    let projection = try #require(verdict.comparison?.projection)
                    let geometry = try problem.geometry()
                    #expect(
                        projection.positions * geometry.filtersPerGroup == geometry.outputShape.count
                            && projection.failing == 0)
                    let isExact = data == .integer && engine.capabilities.algorithm == .direct
                    #expect((projection.missedBits ?? 0 >= 40) == isExact && (projection.samples == 0) == isExact)
                }
            }
        }
    }

    @Test(arguments: [ElementType.float64, .float16, .bfloat16], [CaseHeader.DataFamily.integer, .real])
    func rightEnginesPassInOtherTypes(type: ElementType, data: CaseHeader.DataFamily) throws {
        for problem in Self.problems {
            // So many products of ones are beyond bfloat16's 8 bits.
            if data == .integer, type == .bfloat16, try problem.geometry().productsPerOutput > 200 { continue }
            let golden = try Self.golden(problem, data, type: type)
            var trial = Trial(golden)
            for engine in [ExactReference(), DirectEngine(), Im2colEngine()] as [any Engine] {
                let verdict = trial.verdict(on: engine, in: engine.capabilities.layouts[0])
                #expect(verdict.status == .pass && verdict.comparison?.projection != nil, "\(engine): \(verdict)")
            }
        }
    }

    @Test func winogradPasses() throws {
        let problem = Problem(input: [2, 27, 26, 32], filter: [3, 3, 32, 40], biasCount: 40, padding: .sameUpper)
        for data in [CaseHeader.DataFamily.integer, .real] {
            var trial = Trial(try Self.golden(problem, data))
            for tile in [WinogradEngine.OutputTile.twoByTwo, .fourByFour] {
                let verdict = trial.verdict(on: WinogradEngine(outputTile: tile), in: .golden)
                #expect(verdict.status == .pass, "\(verdict)")
            }
        }
    }

    /// Whole numbers: one element anywhere that is off by one, or by little, or is no number, is found and named.
    @Test func oneWrongElementIsAlwaysFound() throws {
        var random = RandomNumbers(seed: 11)
        let golden = try Self.golden(
            Problem(input: [2, 62, 66, 4], filter: [2, 2, 4, 64], biasCount: 64), .integer)
        var answer = try right(golden)
        #expect(answer.elements.count > 450_000)
        for turn in 0..<100 {
            let place = Int.random(in: answer.elements.indices, using: &random)
            let kept = answer.elements[place]
            let wrong: [Float] = [kept + 1, kept - 1, 0x1p30, .nan, .infinity, kept + 0.5, -kept - 1, kept.nextUp]
            answer.elements[place] = wrong[turn % wrong.count]
            let verdict = verdict(answer, golden)
            #expect(verdict.status == .fail, "\(place)")
            let comparison = try #require(verdict.comparison)
            #expect(comparison.mismatched == 1 && comparison.mask?.runs == [place..<place + 1])
            #expect(comparison.worst.first?.want == Double(kept) && comparison.elements == answer.elements.count)
            #expect(comparison.mask?.covered == comparison.elements)
            let projection = try #require(comparison.projection)
            #expect(projection.failing == 1 && projection.computed == 1 && projection.missedBits ?? 0 >= 40)
            answer.elements[place] = kept
        }
        #expect(verdict(answer, golden).status == .pass)
    }

    /// Errors that cancel in a plain sum do not in a sum with random numbers.
    @Test func elementsThatAreExchangedAreFound() throws {
        let golden = try Self.golden(Self.problems[0], .integer)
        let sound = try right(golden)
        var answer = sound
        for n in 0..<2 { (answer[n, 5, 6, 3], answer[n, 5, 6, 30]) = (answer[n, 5, 6, 30] + 1, answer[n, 5, 6, 3] - 1) }
        #expect(verdict(answer, golden).comparison?.mismatched == 4)
        answer = sound
        answer.elements[..<32].reverse()
        #expect(verdict(answer, golden).status == .fail)
    }

    /// Reals: one element that is another number altogether, wherever it is.
    @Test func oneStrayElementOfRealsIsFound() throws {
        var random = RandomNumbers(seed: 5)
        let golden = try Self.golden(Self.problems[4], .real)
        var answer = try right(golden)
        for turn in 0..<40 {
            let place = Int.random(in: answer.elements.indices, using: &random)
            let kept = answer.elements[place]
            let wrong: [Float] = [kept + 1, .nan, -.infinity, kept - 0.5]
            answer.elements[place] = wrong[turn % wrong.count]
            let verdict = verdict(answer, golden)
            #expect(verdict.status == .fail && verdict.comparison?.mask?.runs == [place..<place + 1], "\(verdict)")
            answer.elements[place] = kept
        }
    }

    /// Reals: what is small and everywhere, or small and at a border or a tail, is found by the sample: 6e-5 is three times what
    /// an element may be off by, and a tenth of what a sum may.
    @Test func whatIsSlightlyWrongInAClassIsFound() throws {
        let golden = try Self.golden(Self.problems[0], .real)
        let sound = try right(golden)
        let geometry = try golden.header.problem.geometry()
        typealias Index = (n: Int, y: Int, x: Int, f: Int)
        let classes: [(Index) -> Bool] = [
            { $0.y == 0 && $0.x == 0 }, { $0.y == geometry.outputHeight - 1 }, { $0.x == geometry.outputWidth - 1 },
            { $0.x == 0 }, { $0.f == 31 }, { $0.f == 0 }, { $0.n == 1 && $0.y == 8 }, { $0.x == 16 && $0.f >= 28 },
            { _ in true },
        ]
        for (number, isIn) in classes.enumerated() {
            let answer = Tensor(shape: sound.shape) { n, y, x, f in
                sound[n, y, x, f] + (isIn((n, y, x, f)) ? 6e-5 : 0)
            }
            #expect(verdict(answer, golden, seed: 3).status == .fail, "class \(number)")
        }
        // Three bits fewer in every element are seen in their root mean square or their worst.
        let short = sound.map { Float(bitPattern: $0.bitPattern & ~0x7FF) }
        #expect(verdict(short, golden).status == .fail)
    }

    /// What is wrong everywhere is computed as far as it goes, and said to be more.
    @Test func anAnswerOfZerosIsCountedFrom() throws {
        let problem = Problem(input: [4, 32, 31, 128], filter: [3, 3, 128, 160], padding: .sameUpper)
        for data in [CaseHeader.DataFamily.integer, .real] {
            let golden = try Self.golden(problem, data)
            let shape = try problem.geometry().outputShape
            let verdict = verdict(Tensor(repeating: 0, shape: shape), golden)
            let comparison = try #require(verdict.comparison)
            let projection = try #require(comparison.projection)
            #expect(verdict.cause == .mismatch && comparison.worst.count == Comparison.worstKept)
            #expect(projection.failing > shape.count / 160 * 9 / 10 && projection.computed < projection.failing / 2)
            #expect(comparison.mismatched > projection.computed * 100 && !projection.isCounted)
            let mask = try #require(comparison.mask)
            #expect(mask.covered < shape.count && mask.covered > 160 * projection.computed / 3)
            #expect(comparison.location?.indices(.batch) == [0, 1, 2, 3])
        }
    }

    /// The same seed gives the same vectors and samples, another one others.
    @Test func aJudgementCanBeRepeated() throws {
        let golden = try Self.golden(Self.problems[1], .real)
        let answer = try right(golden).map { $0.nextUp }
        let (one, again, other) = (
            verdict(answer, golden, seed: 7), verdict(answer, golden, seed: 7), verdict(answer, golden)
        )
        #expect(one == again && one.comparison?.projection?.seed == 7)
        #expect(other.comparison?.projection?.seed != 7 && other.comparison?.rms != one.comparison?.rms)
    }

    @Test func whatDoesNotSuitIsComputedWhole() {
        func suits(
            _ problem: Problem, _ operation: Convolution.Operation = .forward, _ types: ElementTypes = .float32
        ) -> Bool {
            var problem = problem
            (problem.operation, problem.types, problem.biasCount) = (operation, types, nil)
            return ProjectedTruth.suits(problem)
        }
        #expect(suits(Self.problems[0]))
        #expect(!suits(Self.problems[0], .biasGradient))
        // 8 channels, 2304 elements; 64 channels, 40320 elements.
        #expect(!suits(Self.problems[0], .inputGradient) && !suits(Self.problems[0], .filterGradient))
        #expect(suits(Self.problems[4], .inputGradient) && suits(Self.problems[4], .filterGradient))
        #expect(suits(Self.problems[4], .forward, ElementTypes(input: .uint8, filter: .int8, output: .int32)))
        #expect(!suits(Self.problems[4], .forward, ElementTypes(.int8)))
        #expect(!suits(Problem(input: [4, 90, 90, 64], filter: [3, 3, 1, 64], groups: 64)))
        #expect(!suits(Problem(input: [4, 90, 90, 64], filter: [3, 3, 64, 15])))
        #expect(!suits(Problem(input: [1, 4, 4, 64], filter: [3, 3, 64, 64])))
        let large = Problem(input: [1, 224, 224, 64], filter: [3, 3, 64, 64], padding: .sameUpper)
        #expect(TruthPolicy.bySize.exactExtent(of: large) == .whole)
        #expect(TruthPolicy.projected.exactExtent(of: large) == .sums)
        var larger = large
        larger.input[0] = 4
        #expect(TruthPolicy.bySize.exactExtent(of: larger) == .sums)
        #expect(TruthPolicy.complete.exactExtent(of: larger) == .whole)
    }

    /// Whole numbers whose sums a right engine could not hold are no data for it.
    @Test func largeWholeNumbersAreNotProjected() throws {
        let problem = Self.problems[4]
        let header = CaseHeader(suite: "s", name: "n", problem: problem, data: .integer)
        for (bound, isSound) in [(100, true), (1000, false)] {
            let operands = try problem.operands { Double(bound) }
            #expect((GoldenCase(withoutAnswer: header, operands: operands) != nil) == isSound)
        }
    }
}
