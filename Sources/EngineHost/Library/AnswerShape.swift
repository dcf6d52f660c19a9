internal import Convolution

extension Problem {
    /// The most elements that an answer to an invalid problem has room for.
    private static let mostInvalidElements = 1 << 24

    /// The shape of the answer that a library is to fill, in the axis order of its role. Also an invalid problem has one, as
    /// far as arithmetic goes, so that its shape does not give it away.
    var answerShape: Shape {
        if let gradient = gradientShape { return gradient.list.allSatisfy { $0 >= 0 } ? gradient : [0, 0, 0, 0] }
        if let shape = (try? geometry())?.outputShape ?? emptyOutputShape { return shape }
        let pads = self.pads
        let shape: Shape = [
            max(input[0], 0), extent(input[1], filter[0], strides.height, dilations.height, pads.top, pads.bottom),
            extent(input[2], filter[1], strides.width, dilations.width, pads.left, pads.right), max(filter[3], 0),
        ]
        guard let count = shape.checkedCount, count <= Problem.mostInvalidElements else { return [0, 0, 0, 0] }
        return shape
    }

    private func extent(
        _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ before: Int, _ after: Int
    ) -> Int {
        let isSmall = [input, kernel, stride, dilation, before, after].allSatisfy { $0.magnitude < 1 << 31 }
        guard isSmall, stride > 0 else { return 0 }
        return max((input + before + after - (kernel - 1) * dilation - 1 + stride) / stride, 0)
    }
}
