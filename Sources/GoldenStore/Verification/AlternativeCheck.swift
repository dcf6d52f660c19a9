internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// Checks the further answers of a case against what their choice allows, computed here without the generator.
///
/// - Padding times infinity: every number, by an exact convolution over an image with its zeros written out.
/// - Subnormal flush: that each element follows from flushing some of the input, the filter, the bias, the products, the
///   partial sums and the output to zero, but for the rounding of a sum in float64 (``SubnormalFlush``).
/// - Intermediate overflow: that an element which is not as expected is an infinity of a sign whose terms alone lie beyond
///   the type, or NaN where those of both signs do.
/// - Overflow threshold: that an element which is not as expected is an infinity where a sum below the threshold of its type
///   is at it in float32.
/// - Rounding of ties: that an element which is not as expected is the other whole number beside a scaled sum in the middle of
///   two.
struct AlternativeCheck {
    private let golden: GoldenCase
    private let exact: ExactAnswer

    init(_ golden: GoldenCase, exact: ExactAnswer) {
        self.golden = golden
        self.exact = exact
    }

    /// The first thing that is wrong, in words.
    func difference() throws -> String? {
        guard let alternatives = golden.output?.alternatives else { return nil }
        let rule = try rule(of: alternatives.choice)
        for (place, answer) in alternatives.answers.enumerated() {
            if let difference = rule(answer.output) {
                return "alternative \(place) ('\(answer.meaning)'): \(difference)"
            }
        }
        return nil
    }

    /// Tells what is wrong with an answer.
    private typealias Rule = (Tensor<Double>) -> String?

    private func rule(of choice: GoldenCase.Alternatives.Choice) throws -> Rule {
        switch choice {
        case .paddingTimesInfinity:
            let wanted = try withPaddingMultiplied().elements
            return { answer in
                for (place, number) in answer.elements.enumerated() where !isSame(number, wanted[place]) {
                    return "element \(place) is \(number), with the padding multiplied it is \(wanted[place])"
                }
                return nil
            }
        case .subnormalFlush:
            let flush = try SubnormalFlush(golden, expected: exact.expected)
            return { answer in
                for (place, number) in answer.elements.enumerated() where !flush.allows(number, at: place) {
                    return "element \(place) is \(number), which follows from no flush of subnormal numbers to zero"
                }
                return nil
            }
        case .intermediateOverflow:
            return try overflowRule()
        case .overflowThreshold:
            return thresholdRule
        case .tieRounding:
            return try tieRule()
        }
    }

    /// The exact sums where each zero of the padding is multiplied by its weight.
    private func withPaddingMultiplied() throws -> Tensor<Double> {
        if golden.header.problem.operation == .inputGradient { return try withMissingOutputsMultiplied() }
        var (problem, operands) = (golden.header.problem, golden.operands)
        let (pads, shape) = (problem.pads, problem.input)
        problem.input = [
            shape[0], shape[1] + pads.top + pads.bottom, shape[2] + pads.left + pads.right, shape[3],
        ]
        problem.padding = .valid
        operands.input = operands.input.map { input in
            let numbers = input.doubles
            let image = Tensor<Double>(shape: problem.input) { n, y, x, c in
                let (row, column) = (y - pads.top, x - pads.left)
                let isInside = (0..<shape[1]).contains(row) && (0..<shape[2]).contains(column)
                return isInside ? numbers[n, row, column, c] : 0
            }
            return AnyTensor(nearest: image.elements, type: input.type, shape: image.shape)
        }
        return try ExactConvolution().expected(of: problem, operands)
    }

    /// The exact sums of an input gradient where every tap that meets no output is multiplied by a zero: NaN where one is
    /// not finite.
    private func withMissingOutputsMultiplied() throws -> Tensor<Double> {
        let geometry = try golden.header.problem.geometry()
        let filter = golden.operands.filter?.doubles.reordered(to: .logical)
        return Tensor(shape: exact.expected.shape) { n, row, column, channel in
            let (group, c) = channel.quotientAndRemainder(dividingBy: geometry.channelsPerGroup)
            for ky in 0..<geometry.kernelHeight {
                for kx in 0..<geometry.kernelWidth {
                    let meets = geometry.outputRow(row, ky) != nil && geometry.outputColumn(column, kx) != nil
                    for f in 0..<geometry.filtersPerGroup where !meets {
                        let weight = filter?[ky, kx, c, group * geometry.filtersPerGroup + f]
                        if weight?.isFinite == false { return .nan }
                    }
                }
            }
            return exact.expected[n, row, column, channel]
        }
    }

    private func thresholdRule(_ answer: Tensor<Double>) -> String? {
        let threshold = golden.header.problem.types.output.format?.overflowThreshold ?? .infinity
        for (place, number) in answer.elements.enumerated() where !isSame(number, exact.expected.elements[place]) {
            let sum = exact.expected.elements[place]
            let isBeyond = abs(sum) < threshold && Double(Float(sum).magnitude) >= threshold
            if !isBeyond || !number.isInfinite || (number < 0) != (sum < 0) {
                return "element \(place) is \(number), and the exact sum \(sum) is not rounded beyond \(threshold)"
            }
        }
        return nil
    }

    private func overflowRule() throws -> Rule {
        let terms = try Terms(golden.header.problem, golden.operands)
        let overflow = golden.header.problem.types.output.format?.overflowThreshold ?? .infinity
        let largest = overflow.nextDown
        let expected = exact.expected
        return { answer in
            for (place, number) in answer.elements.enumerated() where !isSame(number, expected.elements[place]) {
                var (above, below) = (0.0, 0.0)
                terms.forEach(at: place) { if $0 > 0 { above += $0 } else { below += $0 } }
                let (rises, falls) = (above > largest, -below > largest)
                let isPossible = number.isNaN ? rises && falls : number.isInfinite && (number > 0 ? rises : falls)
                if !isPossible {
                    return "element \(place) is \(number), expected \(expected.elements[place]), or what follows from "
                        + "positive terms of \(above) and negative ones of \(below)"
                }
            }
            return nil
        }
    }

    private func tieRule() throws -> Rule {
        var (problem, operands) = (golden.header.problem, golden.operands)
        guard let quantization = operands.quantization, let output = quantization.output else {
            return { _ in "there is nothing to round in an answer of \(problem.types.output.rawValue)" }
        }
        problem.types.output = .int32
        operands.quantization = Quantization(
            input: .init(zeroPoints: quantization.input.zeroPoints),
            filter: .init(zeroPoints: quantization.filter.zeroPoints))
        let sums = try ExactConvolution().expected(of: problem, operands).elements
        let (expected, filters) = (exact.expected.elements, problem.filter[3])
        return { answer in
            for (place, number) in answer.elements.enumerated() where number != expected[place] {
                let scale = Double(quantization.input.scales[0]) * Double(quantization.filterScale(place % filters))
                let scaled = sums[place] * scale / Double(output.scales[0])
                let neighbours = [scaled.rounded(.down), scaled.rounded(.up)].map { $0 + Double(output.zeroPoints[0]) }
                if scaled - scaled.rounded(.down) != 0.5 || !neighbours.contains(number) {
                    return "element \(place) is \(number), and the scaled sum is \(scaled)"
                }
            }
            return nil
        }
    }
}
