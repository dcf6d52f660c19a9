internal import Conformance
internal import Convolution

/// A mistake with an output that was computed rightly: moved, mixed up, scaled, or never written.
struct AnswerMistake: Sendable {
    let name: String
    let summary: String
    /// Where element `[n, y, x, f]` of the answer is taken from: inside the output, outside of it, or, as nil, where the
    /// mistake cannot be made with an output of this shape.
    private let origin: @Sendable (_ index: Shape, _ shape: Shape) -> Shape?
    /// What becomes of an element, whose filter has this bias, 0 where there is none.
    private let value: @Sendable (_ value: Double, _ bias: Double) -> Double

    private init(
        _ name: String, _ summary: String,
        origin: @escaping @Sendable (Shape, Shape) -> Shape? = { index, _ in index },
        value: @escaping @Sendable (Double, Double) -> Double = { value, _ in value }
    ) {
        self.name = name
        self.summary = summary
        self.origin = origin
        self.value = value
    }

    static let all: [AnswerMistake] = moved + mixed + scaled

    private static let moved: [AnswerMistake] = [
        ("up", 1, 0), ("down", -1, 0), ("left", 0, 1), ("right", 0, -1),
    ].map { (way: String, rows: Int, columns: Int) in
        AnswerMistake(
            "answer-one-\(rows != 0 ? "row" : "column")-\(way)",
            "The output is right, but lies one \(rows != 0 ? "row" : "column") too far \(way)."
        ) { index, _ in [index[0], index[1] + rows, index[2] + columns, index[3]] }
    }

    private static let mixed: [AnswerMistake] = [
        AnswerMistake("answer-transposed", "Rows and columns of the output are swapped.") { index, shape in
            shape[1] == shape[2] ? [index[0], index[2], index[1], index[3]] : nil
        },
        AnswerMistake("answer-rows-reversed", "The rows of the output are in reverse order.") { index, shape in
            [index[0], shape[1] - 1 - index[1], index[2], index[3]]
        },
        AnswerMistake("answer-columns-reversed", "The columns of the output are in reverse order.") { index, shape in
            [index[0], index[1], shape[2] - 1 - index[2], index[3]]
        },
        AnswerMistake("answer-of-next-filter", "Each filter's place has what belongs to the next filter.") {
            index, shape in [index[0], index[1], index[2], (index[3] + 1) % shape[3]]
        },
        AnswerMistake("answer-of-previous-filter", "Each filter's place has what belongs to the filter before.") {
            index, shape in [index[0], index[1], index[2], (index[3] + shape[3] - 1) % shape[3]]
        },
        AnswerMistake("answer-filters-reversed", "The filters of the output are in reverse order.") { index, shape in
            [index[0], index[1], index[2], shape[3] - 1 - index[3]]
        },
        AnswerMistake("answer-of-next-image", "Each image's place has what belongs to the next image.") {
            index, shape in [(index[0] + 1) % shape[0], index[1], index[2], index[3]]
        },
        AnswerMistake("answer-of-previous-image", "Each image's place has what belongs to the image before.") {
            index, shape in [(index[0] + shape[0] - 1) % shape[0], index[1], index[2], index[3]]
        },
        AnswerMistake("answer-of-first-image", "Every image's place has what belongs to the first image.") {
            index, _ in [0, index[1], index[2], index[3]]
        },
        AnswerMistake("answer-in-nchw", "The output lies in memory as NCHW, and is given as NHWC.") { index, shape in
            let offset = ((index[0] * shape[1] + index[1]) * shape[2] + index[2]) * shape[3] + index[3]
            let plane = shape[1] * shape[2]
            return [
                offset / (shape[3] * plane), offset % plane / shape[2], offset % shape[2], offset / plane % shape[3],
            ]
        },
        AnswerMistake("answer-in-nhwc", "The output lies in memory as NHWC, and is given as NCHW.") { index, shape in
            let offset = ((index[0] * shape[3] + index[3]) * shape[1] + index[1]) * shape[2] + index[2]
            let row = shape[2] * shape[3]
            return [
                offset / (shape[1] * row), offset / row % shape[1], offset % row / shape[3], offset % shape[3],
            ]
        },
    ]

    private static let scaled: [AnswerMistake] = [
        AnswerMistake(
            "answer-doubled", "Every element is twice as large as it has to be.",
            value: { value, _ in 2 * value }),
        AnswerMistake(
            "answer-halved", "Every element is half as large as it has to be.",
            value: { value, _ in value / 2 }),
        AnswerMistake("answer-negated", "Every element has the wrong sign.", value: { value, _ in -value }),
        AnswerMistake("answer-all-zeros", "Every element is zero.", value: { _, _ in 0 }),
        AnswerMistake("bias-subtracted", "The bias is subtracted.", value: { value, bias in value - 2 * bias }),
    ]

    /// What the mistake makes of a case's answer; as right for data of which sums are not exact, and for quantized answers.
    func prediction(_ golden: GoldenCase) -> Hypothesis.Prediction {
        let problem = golden.header.problem
        let type = problem.types[problem.operation.answer]
        guard golden.header.data == .integer, golden.operands.quantization?.output == nil,
            let expected = golden.output?.expected, !expected.elements.isEmpty
        else { return .right }
        let shape = expected.shape
        let bias = golden.operands.bias?.doubles.elements
        var known: [Bool] = []
        known.reserveCapacity(expected.elements.count)
        var isPossible = true
        let answer = Tensor<Double>(shape: shape) { n, y, x, f in
            guard let from = origin([n, y, x, f], shape) else {
                isPossible = false
                known.append(false)
                return 0
            }
            let isInside = (0..<4).allSatisfy { from[$0] >= 0 && from[$0] < shape[$0] }
            known.append(isInside)
            return isInside ? value(expected[from[0], from[1], from[2], from[3]], bias?[f] ?? 0) : 0
        }
        guard isPossible else { return .right }
        let isRight = zip(known, zip(answer.elements, expected.elements)).allSatisfy { known, pair in
            !known || pair.0 == pair.1
        }
        if isRight { return .right }
        return .part(AnyTensor(nearest: answer.elements, type: type, shape: shape), known: known)
    }
}
