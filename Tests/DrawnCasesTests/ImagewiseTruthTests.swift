import Convolution
import DrawnCases
import ExactArithmetic
import Testing
import _TestSupport

@testable import Conformance

/// Answers whose exact ones are computed image by image.
@Suite struct ImagewiseTruthTests {
    static let problems = [
        Problem(input: [3, 7, 9, 6], filter: [3, 3, 1, 6], biasCount: 6, padding: .sameUpper, groups: 6),
        Problem(
            input: [4, 8, 7, 4], filter: [3, 2, 1, 8], strides: Extent(height: 2, width: 1), padding: .valid, groups: 4),
        Problem(input: [5, 6, 5, 3], filter: [2, 3, 3, 2], padding: .sameLower),
        Problem(input: [2, 9, 8, 5], filter: [3, 3, 1, 5], biasCount: 5, groups: 5, operation: .inputGradient),
        Problem(
            input: [3, 6, 6, 4], filter: [3, 3, 1, 4], groups: 4, operation: .inputGradient,
            types: ElementTypes(.float64)),
        Problem(input: [3, 6, 6, 4], filter: [3, 3, 1, 4], groups: 4, types: ElementTypes(.float16)),
        Problem(
            input: [3, 6, 6, 4], filter: [3, 3, 1, 4], groups: 4,
            types: ElementTypes(input: .int8, filter: .int8, output: .int32)),
    ]

    /// The same case with its exact answer, and without.
    private func cases(_ problem: Problem, _ data: CaseHeader.DataFamily) throws -> (
        whole: GoldenCase, late: GoldenCase
    ) {
        var header = CaseHeader(suite: "imagewise", name: "\(problem)", problem: problem, data: data, isDerived: true)
        header.seed = 5
        let quantization =
            problem.types.output == .int32
            ? Quantization(input: .init(zeroPoints: [3]), filter: .init(zeroPoints: [-2])) : nil
        let whole = try CaseMaker(header, quantization: quantization, policy: .complete).golden(header) {
            UInt64($0) + 1
        }
        var late = whole
        late.output = nil
        late.imagewise = ImagewiseTruth(whole.header, whole.operands, keeping: 0)
        #expect(late.imagewise != nil)
        return (whole, late)
    }

    /// Every finding is that of the whole answer: on right answers and wrong ones, in any memory order.
    @Test(arguments: problems) func findsWhatTheWholeAnswerShows(problem: Problem) throws {
        var random = RandomNumbers(seed: UInt64(problem.input.count))
        // Whole numbers of 16 bits come too near to the ends of what is exact for a bound.
        let families: [CaseHeader.DataFamily] =
            switch problem.types.output {
            case .int32: [.integer]
            case .float16: [.real]
            default: [.integer, .real]
            }
        for data in families {
            let (whole, late) = try cases(problem, data)
            let expected = try #require(whole.output).expected
            let isFloat = problem.types.output.format != nil
            let (count, image) = (expected.elements.count, expected.elements.count / expected.shape[0])
            let wrong: [[Int: Double]] = [
                [:], [0: 1], [count - 1: -2], [image - 1: 1, image: 3], [count / 2: isFloat ? .nan : 7],
                [image: isFloat ? .infinity : 9, 3: 1],
                Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, Double(random.integer(5))) }),
            ]
            for (place, errors) in wrong.enumerated() {
                let numbers = expected.elements.indices.map { expected.elements[$0] + (errors[$0] ?? 0) }
                let order = [AxisOrder.logical, ActivationLayout.nchw.order][place % 2]
                let got = AnyTensor(
                    nearest: numbers, type: problem.types[problem.operation.answer], shape: expected.shape
                )
                .reordered(to: order)
                for isBrief in [false, true] {
                    var judge = Judge()
                    judge.isBrief = isBrief
                    let verdicts = [whole, late].map {
                        judge.verdict(on: .output(got, Computation()), to: $0, capabilities: Capabilities())
                    }
                    #expect(verdicts[0].status == (errors.isEmpty ? .pass : .fail))
                    #expect(verdicts[0].status == verdicts[1].status && verdicts[0].cause == verdicts[1].cause)
                    #expect(verdicts[0].comparison?.ratio == verdicts[1].comparison?.ratio)
                    if !isBrief { expectSame(verdicts[0].comparison, verdicts[1].comparison) }
                }
            }
        }
    }

    private func expectSame(_ one: Comparison?, _ other: Comparison?) {
        #expect(one?.mismatched == other?.mismatched && one?.elements == other?.elements)
        #expect(one?.location == other?.location && one?.mask == other?.mask)
        #expect(one?.worst.map(\.index) == other?.worst.map(\.index))
        #expect(one?.worst.map(\.want) == other?.worst.map(\.want))
        #expect((one?.rms == nil) == (other?.rms == nil) && one?.rmsLimit == other?.rmsLimit)
        // Squares are added up image by image.
        if let (one, other) = one?.rms.flatMap({ one in other?.rms.map { (one, $0) } }) {
            #expect(abs(one - other) <= 1e-12 * one)
        }
    }

    @Test func takesWhatIsLargeAndHasNoProjections() {
        let depthwise = Problem(input: [16, 512, 512, 64], filter: [3, 3, 1, 64], groups: 64)
        #expect(ImagewiseTruth.suits(depthwise))
        #expect(TruthPolicy.bySize.exactExtent(of: depthwise) == .image)
        #expect(TruthPolicy.complete.exactExtent(of: depthwise) == .whole)
        // Its operands and the engine's answer, in float32.
        #expect(depthwise.bytesInMemory(of: .image) == 4 * (16 * 512 * 512 * 64 + 3 * 3 * 64 + 16 * 510 * 510 * 64))
        func suits(_ change: (inout Problem) -> Void) -> Bool {
            var problem = depthwise
            change(&problem)
            return ImagewiseTruth.suits(problem)
        }
        #expect(!suits { $0.input[0] = 1 })
        #expect(!suits { $0.input[1] = 16 })
        #expect(!suits { ($0.filter, $0.groups) = ([3, 3, 64, 64], 1) })
        #expect(suits { ($0.filter, $0.groups) = ([3, 3, 64, 8], 1) })
        #expect(suits { $0.operation = .inputGradient })
        #expect(!suits { $0.operation = .filterGradient })
        #expect(!suits { $0.types = ElementTypes(.int8) })
    }

    /// Where a right engine's whole numbers may not be exact, or a number is not finite, nothing is put off.
    @Test func unsoundDataIsNotPutOff() throws {
        let problem = Self.problems[0]
        for (number, data, isTaken) in [
            (100.0, CaseHeader.DataFamily.integer, true), (1e5, .integer, false), (1e5, .real, true),
            (1e30, .real, false),
            (.infinity, .real, false), (1, .special, false),
        ] {
            let header = CaseHeader(suite: "s", name: "n", problem: problem, data: data)
            let operands = try problem.operands { number }
            #expect((ImagewiseTruth(header, operands, keeping: 0) != nil) == isTaken, "\(number)")
        }
    }
}
