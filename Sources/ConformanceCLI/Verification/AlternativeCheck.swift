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
        case .tieRounding:
            return try tieRule()
        }
    }

    /// The exact sums where each zero of the padding is multiplied by its weight.
    private func withPaddingMultiplied() throws -> Tensor<Double> {
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
        return try ExactConvolution().answer(to: problem, operands).expected
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
        let sums = try ExactConvolution().answer(to: problem, operands).expected.elements
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
