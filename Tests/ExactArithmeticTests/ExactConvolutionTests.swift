import Convolution
import Testing
import _TestSupport

@testable import ExactArithmetic

/// The exact reference: every way of summing, against each other and against big integers.
@Suite struct ExactConvolutionTests {
    /// Every way of summing, each of which gives the accumulator's bits; `isOnGrid` where there are others.
    private func outputs(_ call: Call) throws -> (isOnGrid: Bool, accumulated: ExactAnswer) {
        let found = try AllWays(
            call.problem, Operands(input: call.input, filter: call.filter, bias: call.bias))
        #expect(found.differences == [], "\(call.problem)")
        return (found.way != nil, found.accumulated)
    }

    private func exact(_ call: Call) throws -> ExactAnswer {
        try ExactConvolution().output(call.problem, input: call.input, filter: call.filter, bias: call.bias)
    }

    /// One output element: the sum of products of two lists.
    private func dotProduct(_ input: [Float], _ filter: [Float], bias: [Float]? = nil) -> Call {
        Call(
            Problem(input: [1, 1, 1, input.count], filter: [1, 1, filter.count, 1]), input: input, filter: filter,
            bias: bias)
    }

    @Test func everyWayGivesTheSameBits() throws {
        var random = RandomNumbers(seed: 9)
        for trial in 0..<80 {
            let call = Call(.random(using: &random)) {
                switch trial % 4 {
                case 0: random.integer(1000)
                case 1: random.real()
                case 2: random.real() * 0x1p-10
                default: random.real(exponents: 0...4)
                }
            }
            #expect(try exact(call) == outputs(call).accumulated, "\(call.problem)")
        }
    }

    @Test func wideRangesAgreeWithBigIntegers() throws {
        var random = RandomNumbers(seed: 10)
        for _ in 0..<20 {
            let call = Call(.random(using: &random)) { random.real(exponents: -60...60) }
            #expect(try !outputs(call).isOnGrid)
            try expectExact(call)
        }
    }

    @Test func realsAgreeWithBigIntegers() throws {
        var random = RandomNumbers(seed: 11)
        for _ in 0..<20 {
            let call = Call(.random(using: &random)) { random.real() }
            #expect(try outputs(call).isOnGrid)
            try expectExact(call)
        }
    }

    /// Checks one element in seven by the definition of the convolution and of rounding.
    private func expectExact(_ call: Call) throws {
        let geometry = try call.problem.geometry()
        let output = try exact(call)
        for offset in stride(from: 0, to: output.expected.elements.count, by: 7) {
            let (pixel, f) = offset.quotientAndRemainder(dividingBy: geometry.filters)
            let (line, x) = pixel.quotientAndRemainder(dividingBy: geometry.outputWidth)
            let (n, y) = line.quotientAndRemainder(dividingBy: geometry.outputHeight)
            var (sum, magnitude) = (WideInteger(), WideInteger())
            func add(_ value: Float, _ weight: Float) {
                sum = sum + WideInteger(value, times: weight)
                magnitude = magnitude + WideInteger(value.magnitude, times: weight.magnitude)
            }
            if let bias = call.bias { add(bias[f], 1) }
            for ky in 0..<geometry.kernelHeight {
                for kx in 0..<geometry.kernelWidth {
                    guard let row = geometry.inputRow(y, ky), let column = geometry.inputColumn(x, kx) else { continue }
                    for c in 0..<geometry.channelsPerGroup {
                        let channel = geometry.firstChannel(ofFilter: f) + c
                        add(call.input[n, row, column, channel], call.filter[ky, kx, c, f])
                    }
                }
            }
            #expect(sum.isNearest(output.expected.elements[offset]), "\(call.problem) \(offset)")
            #expect(sum.isNearest(output.rounded(to: Float.self).elements[offset]), "\(call.problem) \(offset)")
            #expect(magnitude.isRoundedUp(output.magnitude.elements[offset]), "\(call.problem) \(offset)")
        }
    }

    /// A bias finer or far coarser than the products, and zeros, which are on every grid.
    @Test func gridsOfInputFilterAndBiasMayDiffer() throws {
        let calls = [
            dotProduct([3, 5], [7, -2], bias: [0x1p-20]), dotProduct([3, 5], [7, -2], bias: [0x1p40]),
            dotProduct([0x1p-30, 0x3p-30], [0x5p10, 0x1p10], bias: [1]), dotProduct([0, 0], [1, 2], bias: [0.25]),
            dotProduct([1, 2], [0, 0]), dotProduct([0, 0], [0, -0.0], bias: [0]),
            dotProduct([0x1p-100, 0], [0x1p-100, 0x1p-100], bias: [0]),
        ]
        for call in calls {
            let (isOnGrid, accumulated) = try outputs(call)
            #expect(isOnGrid, "\(call)")
            #expect(try exact(call) == accumulated, "\(call)")
        }
        #expect(try exact(calls[0]).expected.elements == [11 + 0x1p-20])
    }

    /// Sums of halves that float64 holds are of floating-point numbers, larger ones are not.
    @Test func largeSumsAreLeftToTheErrors() throws {
        let odd = Float(1 << 24 - 1)
        let fits = dotProduct([Float](repeating: odd, count: 1 << 13), [Float](repeating: -odd, count: 1 << 13))
        let (isOnGrid, _) = try outputs(fits)
        #expect(isOnGrid)
        #expect(try exact(fits).expected.elements == [-0x1p13 * Double(odd) * Double(odd)])
        let beyond = [
            dotProduct([odd, 0x1p20 * odd], [odd, odd]), dotProduct([1, 1], [1, 1], bias: [0x1p120]),
            dotProduct([1, 0x1p63], [1, odd]), dotProduct([0x1p62, 1], [1, 1]),
            dotProduct([0x1p-60, 1], [1, 1], bias: [0x1p-120]),
        ]
        for call in beyond {
            let (isOnGrid, accumulated) = try outputs(call)
            #expect(!isOnGrid, "\(call)")
            #expect(try exact(call) == accumulated)
        }
        #expect(try exact(beyond[0]).expected.elements == [(1 + 0x1p20) * Double(odd) * Double(odd)])
    }

    @Test func outputsAreRoundedOnceAndMagnitudesUp() throws {
        let sum = try exact(dotProduct([1, 0x1p-24, 0x1p-40], [1, 1, 0x1p-40]))
        let rounded: Double = 1 + 0x1p-24
        #expect(sum.expected.elements == [rounded])
        #expect(sum.rounded(to: Float.self).elements == [Float(1).nextUp])
        #expect(sum.magnitude.elements == [Float(1).nextUp])
        let cancelled = try exact(dotProduct([3, -3], [5, 5], bias: [-0.5]))
        #expect(cancelled.expected.elements == [-0.5])
        #expect(cancelled.magnitude.elements == [30.5])
        let greatest = Float.greatestFiniteMagnitude
        let overflowing = try exact(dotProduct([greatest, -greatest, 1], [greatest, greatest, 1]))
        #expect(overflowing.expected.elements == [1])
        #expect(overflowing.magnitude.elements == [.infinity])
        let zero = try exact(dotProduct([-1, 1], [1, 1]))
        #expect(zero.rounded(to: Float.self).elements[0].sign == .plus && zero.expected.elements[0].sign == .plus)
    }

    /// One NaN and one infinity spread to the outputs whose window holds them, and no further.
    @Test func nonFiniteNumbersStayInTheirWindows() throws {
        var input = [Float](repeating: 1, count: 8)
        (input[1], input[6]) = (.nan, -.infinity)
        let call = Call(Problem(input: [1, 1, 8, 1], filter: [1, 2, 1, 1]), input: input, filter: [2, 3])
        let output = try exact(call)
        for offset in 0..<7 {
            let (value, magnitude) = (output.expected.elements[offset], output.magnitude.elements[offset])
            switch offset {
            case 0, 1: #expect(value.isNaN && magnitude == .infinity)
            case 5, 6: #expect(value == -.infinity && magnitude == .infinity)
            default: #expect(value == 5 && magnitude == 5)
            }
        }
    }

    @Test func infiniteWeightsOverPaddingAddNothing() throws {
        let pads = Pads(top: 0, bottom: 0, left: 1, right: 0)
        let call = Call(
            Problem(input: [1, 1, 2, 1], filter: [1, 2, 1, 1], padding: .explicit(pads)), input: [2, 4],
            filter: [.infinity, 1])
        #expect(try exact(call).rounded(to: Float.self).elements == [2, .infinity])
    }

    @Test(arguments: [2, 3, 7, 64])
    func threadsChangeNothing(workers: Int) throws {
        var random = RandomNumbers(seed: 12)
        for trial in 0..<20 {
            let call = Call(.random(using: &random)) {
                trial % 2 == 0 ? random.real() : random.real(exponents: -50...50)
            }
            let output = try ExactConvolution(workers: workers).output(
                call.problem, input: call.input, filter: call.filter, bias: call.bias)
            #expect(try output == exact(call))
        }
    }
}
