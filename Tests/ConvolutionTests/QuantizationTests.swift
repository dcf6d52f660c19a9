import Convolution
import Testing

@Suite struct QuantizationTests {
    typealias Parameters = Quantization.Parameters

    static let quantized = ElementTypes(input: .uint8, filter: .int8, output: .uint8)
    static let integer = ElementTypes(input: .uint8, filter: .int8, output: .int32)

    static func problem(_ types: ElementTypes, biasCount: Int? = nil) -> Problem {
        Problem(input: [1, 3, 3, 2], filter: [2, 2, 2, 3], biasCount: biasCount, types: types)
    }

    static let scaled = Quantization(
        input: Parameters(zeroPoints: [255], scales: [0.5]),
        filter: Parameters(zeroPoints: [0, -128, 127], scales: [1, .leastNonzeroMagnitude, .greatestFiniteMagnitude]),
        output: Parameters(zeroPoints: [0], scales: [2]))
    static let whole = Quantization(input: Parameters(zeroPoints: [7]), filter: Parameters(zeroPoints: [1, 2, 3]))

    @Test func whatSuitsAProblemIsNotObjectedTo() {
        #expect(Self.scaled.objection(to: Self.problem(Self.quantized)) == nil)
        #expect(Self.whole.objection(to: Self.problem(Self.integer)) == nil)
        var single = Self.scaled
        single.filter = Parameters(zeroPoints: [5], scales: [0.25])
        #expect(single.objection(to: Self.problem(Self.quantized)) == nil)
        single.filter.scales = [1, 2, 3]
        #expect(single.objection(to: Self.problem(Self.quantized)) == nil)
    }

    private func objection(
        _ quantization: Quantization, _ types: ElementTypes, _ change: (inout Quantization) -> Void
    ) -> String? {
        var changed = quantization
        change(&changed)
        return changed.objection(to: Self.problem(types))
    }

    @Test func eachObjection() {
        #expect(
            Self.whole.objection(to: Self.problem(.float32))
                == "there are zero points, and tensors of float32 have none")
        #expect(
            Self.whole.objection(to: Self.problem(Self.quantized))
                == "the output is uint8, and has no zero point and no scale")
        #expect(
            Self.scaled.objection(to: Self.problem(Self.integer))
                == "the output is int32, and has a zero point or a scale")
        let counts: [((inout Quantization) -> Void, String)] = [
            ({ $0.input.zeroPoints = [] }, "the input has 0 zero points, expected 1"),
            ({ $0.input.zeroPoints = [1, 2, 3] }, "the input has 3 zero points, expected 1"),
            ({ $0.filter.zeroPoints = [1, 2] }, "the filter has 2 zero points, expected 1 or 3"),
            ({ $0.filter.zeroPoints = [] }, "the filter has 0 zero points, expected 1 or 3"),
            ({ $0.filter.scales = [] }, "the filter has 0 scales, expected 1 or 3"),
            ({ $0.input.scales = [1, 1] }, "the input has 2 scales, expected 1"),
            ({ $0.output?.scales = [1, 1, 1] }, "the output has 3 scales, expected 1"),
            ({ $0.output?.zeroPoints = [] }, "the output has 0 zero points, expected 1"),
        ]
        for (change, words) in counts { #expect(objection(Self.scaled, Self.quantized, change) == words) }
        let values: [((inout Quantization) -> Void, String)] = [
            ({ $0.input.zeroPoints = [256] }, "a zero point of the input is 256, outside uint8"),
            ({ $0.input.zeroPoints = [-1] }, "a zero point of the input is -1, outside uint8"),
            ({ $0.filter.zeroPoints = [0, 0, 128] }, "a zero point of the filter is 128, outside int8"),
            ({ $0.output?.zeroPoints = [-1] }, "a zero point of the output is -1, outside uint8"),
            ({ $0.input.scales = [0] }, "a scale of the input is 0.0, expected a finite number above 0"),
            ({ $0.input.scales = [-1] }, "a scale of the input is -1.0, expected a finite number above 0"),
            (
                { $0.filter.scales = [1, .infinity, 1] },
                "a scale of the filter is inf, expected a finite number above 0"
            ),
            ({ $0.output?.scales = [.nan] }, "a scale of the output is nan, expected a finite number above 0"),
        ]
        for (change, words) in values { #expect(objection(Self.scaled, Self.quantized, change) == words) }
        #expect(
            objection(Self.whole, Self.integer) { $0.input.scales = [1] }
                == "the input has a scale, and the output is int32")
        #expect(
            objection(Self.whole, Self.integer) { $0.filter.zeroPoints = [-129] }
                == "a zero point of the filter is -129, outside int8")
    }

    @Test func oneZeroPointIsThatOfEveryFilter() {
        #expect((0..<3).map(Self.scaled.filterZeroPoint) == [0, -128, 127])
        #expect((0..<3).map { Self.scaled.filterScale($0) == Self.scaled.filter.scales[$0] } == [true, true, true])
        let single = Quantization(input: Parameters(), filter: Parameters(zeroPoints: [9], scales: [4]))
        #expect((0..<3).map(single.filterZeroPoint) == [9, 9, 9])
        #expect((0..<3).map(single.filterScale) == [4, 4, 4])
    }
}
