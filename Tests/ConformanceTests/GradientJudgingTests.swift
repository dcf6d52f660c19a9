import Convolution
import Testing
import _TestSupport

@testable import Conformance

@Suite struct ForwardEquivalentTests {
    /// The equivalent, as a problem with its operands.
    private func answer(_ equivalent: ForwardEquivalent) throws -> Tensor<Double> {
        let geometry = equivalent.geometry
        let problem = Problem(
            input: equivalent.input.shape, filter: equivalent.filter.shape, biasCount: equivalent.bias?.count,
            strides: geometry.strides, dilations: geometry.dilations, padding: .explicit(geometry.pads),
            groups: geometry.groups, types: ElementTypes(.float64))
        let operands = Operands(
            input: .float64(equivalent.input), filter: .float64(equivalent.filter),
            bias: equivalent.bias.map(AnyTensor.init(vector:)))
        return try definition(problem, operands).doubles
    }

    /// Its convolution is the gradient, element by element.
    @Test(arguments: [Convolution.Operation.forward, .inputGradient, .filterGradient])
    func theEquivalentsConvolutionIsTheAnswer(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 70)
        for _ in 0..<25 {
            let problem = Problem.random(operation, using: &random)
            let operands = try problem.operands { Double(random.integer(9)) }
            let golden = GoldenCase(
                header: CaseHeader(suite: "s", name: "n", problem: problem, data: .integer),
                operands: operands.reordered(to: LayoutPair(.nchw, .ohwi)), output: nil)
            let equivalent = try #require(ForwardEquivalent(golden))
            let got = try answer(equivalent)
            let want = try definition(problem, operands).doubles
            #expect(got.elements.count == want.elements.count, "\(problem)")
            var wrong = 0
            for offset in want.elements.indices {
                let place = equivalent.index(of: want.shape.index(at: offset))
                if got[place[0], place[1], place[2], place[3]] != want.elements[offset] { wrong += 1 }
            }
            #expect(wrong == 0, "\(problem)")
        }
    }

    @Test func aBiasGradientHasNone() throws {
        var random = RandomNumbers(seed: 71)
        let problem = Problem.random(.biasGradient, using: &random)
        let golden = try GoldenCase(exact: problem, problem.operands { 1 }, .integer)
        #expect(ForwardEquivalent(golden) == nil)
    }
}

/// Gradients as the judge sees them.
@Suite struct GradientJudgingTests {
    private static func golden(
        _ operation: Convolution.Operation, _ type: ElementType = .float32, data: CaseHeader.DataFamily = .real
    ) throws -> GoldenCase {
        var random = RandomNumbers(seed: 72)
        let problem = Problem(
            input: [2, 9, 8, 4], filter: [3, 3, 2, 6], strides: Extent(height: 2, width: 1), padding: .sameUpper,
            groups: 2,
            operation: operation, types: ElementTypes(type))
        return try GoldenCase(
            exact: problem, problem.operands { data == .real ? Double(random.real()) : Double(random.integer(2)) }, data
        )
    }

    private static func verdict(
        _ golden: GoldenCase, _ capabilities: Capabilities = .everything, change: (Int, Double) -> Double = { $1 }
    ) throws -> Verdict {
        let expected = try #require(golden.output).expected
        let problem = golden.header.problem
        let answer = AnyTensor(
            nearest: expected.elements.enumerated().map(change), type: problem.types[problem.operation.answer],
            shape: expected.shape)
        return Judge().verdict(on: .output(answer), to: golden, capabilities: capabilities)
    }

    @Test(arguments: Convolution.Operation.allCases)
    func theExactAnswerPassesWhateverTheAlgorithm(operation: Convolution.Operation) throws {
        for algorithm in Capabilities.Algorithm.allCases {
            var capabilities = Capabilities.everything
            capabilities.algorithm = algorithm
            let golden = try Self.golden(operation)
            #expect(try Self.verdict(golden, capabilities).status == .pass)
            // One element in seven, off by 1/8 or more of its size and of the magnitudes.
            let garbage = try Self.verdict(golden, capabilities) { $0 % 7 == 0 ? $1 + ($1 < 0 ? -1 : 1) / 8 : $1 }
            #expect(garbage.status == .fail)
            let half = try Self.verdict(golden, capabilities) { $1 * (1 + 0x1p-10) }
            #expect(half.status == .fail, "\(algorithm)")
        }
    }

    /// A transform errs by the largest numbers of an image. A sum has nothing to be transformed.
    @Test(arguments: Convolution.Operation.allCases)
    func aTransformMayErrMore(operation: Convolution.Operation) throws {
        let golden = try Self.golden(operation, data: .integer)
        var fft = Capabilities.everything
        fft.algorithm = .fft
        func status(_ capabilities: Capabilities) throws -> Status {
            try Self.verdict(golden, capabilities) { $0 == 5 ? Double(Float($1).nextUp) : $1 }.status
        }
        #expect(try status(.everything) == .fail)
        #expect(try status(fft) == (operation == .biasGradient ? .fail : .pass))
    }

    /// As many roundings as a sum has, whatever the engine declares of its convolutions.
    @Test func aSumIsHeldToTheDirectAllowance() throws {
        let golden = try Self.golden(.biasGradient)
        for algorithm in Capabilities.Algorithm.allCases {
            var capabilities = Capabilities.everything
            capabilities.algorithm = algorithm
            let magnitude = try #require(golden.output).magnitude.elements
            let right = try Self.verdict(golden, capabilities) { $1 + Double(magnitude[$0]) * 0x1p-23 }
            #expect(right.status == .pass, "\(algorithm)")
            let wrong = try Self.verdict(golden, capabilities) { $1 + Double(magnitude[$0]) * 0x1p-19 }
            #expect(wrong.status == .fail, "\(algorithm)")
        }
    }

    @Test func aWrongShapeOfAGradientIsNamedByItsRole() throws {
        for operation in Convolution.Operation.allCases {
            let golden = try Self.golden(operation)
            let want = try #require(golden.output).expected.shape
            var got = want
            got[3] += 1
            let answer = AnyTensor.float32(Tensor(repeating: 0, shape: got))
            let verdict = Judge().verdict(on: .output(answer), to: golden, capabilities: .everything)
            #expect(verdict.cause == .wrongShape(got: got, want: want, role: operation.answer))
        }
    }

    /// K counts what is summed: filter rows, columns and filters of a group; batch and output pixels; and a bias.
    @Test func theAllowanceCountsTheProductsOfTheOperation() throws {
        func worst(_ operation: Convolution.Operation, biasCount: Int? = nil) throws -> Double {
            var problem = try Self.golden(operation).header.problem
            problem.biasCount = biasCount
            let golden = try GoldenCase(exact: problem, problem.operands { 1 }, .real)
            let verdict = try Self.verdict(golden) { $0 == 0 ? 100 * $1 : $1 }
            let mismatch = try #require(verdict.comparison?.worst.first)
            // All numbers are 1, so that M is what is wanted.
            return (mismatch.allowed * 0x1p24 / mismatch.want - 5) / 2
        }
        func expect(_ root: Double, _ products: Int, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(abs(root * root - Double(products)) < 1e-3, sourceLocation: sourceLocation)
        }
        expect(try worst(.forward), 3 * 3 * 2)
        expect(try worst(.inputGradient), 3 * 3 * 3)
        expect(try worst(.inputGradient, biasCount: 4), 3 * 3 * 3 + 1)
        expect(try worst(.filterGradient), 2 * 5 * 8)
        expect(try worst(.biasGradient), 2 * 5 * 8)
    }

    @Test(arguments: Convolution.Operation.allCases)
    func mismatchesAreLocatedAlongTheAnswersAxes(operation: Convolution.Operation) throws {
        let golden = try Self.golden(operation, .float16, data: .integer)
        let shape = try #require(golden.output).expected.shape
        let last = shape.list.map { $0 - 1 }
        let verdict = try Self.verdict(golden) { $0 == shape.count - 1 ? $1 + 64 : $1 }
        let comparison = try #require(verdict.comparison)
        #expect(comparison.worst.map(\.index.list) == [last])
        let location = try #require(comparison.location)
        #expect(location.role == operation.answer && location.shape == shape)
        #expect(MismatchLocation.Axis.allCases.map { location.indices($0) } == last.map { [$0] })
        #expect(location.total == 1)
        // Only windows of outputs reach into the padding.
        #expect((location.borderElements > 0) == (operation == .forward))
        #expect(location.interior == (operation == .forward ? 0 : 1))
        #expect(comparison.mask?.covered == shape.count)
    }
}
