internal import Conformance
internal import Convolution
internal import Glibc

/// An element of a failing answer, as rules speak of it.
struct AnswerElement {
    let problem: Problem
    let geometry: Geometry
    /// Along the axes of the answer.
    let index: Shape
    let shape: Shape
    let wanted: Double

    /// Rows (or columns) of the padded image that the element's window begins at, and where it ends, along an axis: of an
    /// output alone.
    fileprivate var rows: Range<Int> {
        let first = index[1] * geometry.strides.height - geometry.pads.top
        return first..<first + (geometry.kernelHeight - 1) * geometry.dilations.height + 1
    }

    fileprivate var columns: Range<Int> {
        let first = index[2] * geometry.strides.width - geometry.pads.left
        return first..<first + (geometry.kernelWidth - 1) * geometry.dilations.width + 1
    }

    fileprivate var isAbove: Bool { rows.lowerBound < 0 }
    fileprivate var isBelow: Bool { rows.upperBound > geometry.height }
    fileprivate var isLeft: Bool { columns.lowerBound < 0 }
    fileprivate var isRight: Bool { columns.upperBound > geometry.width }

    /// The last index along an axis, and whether the element is behind the last whole block of so many.
    fileprivate func isBehindBlocks(of size: Int, _ axis: Int) -> Bool {
        shape[axis] >= size && index[axis] >= shape[axis] / size * size
    }
}

extension Vocabulary<AnswerElement> {
    /// What can be said of the elements of an operation's answer.
    static func ofAnswers(of operation: Operation) -> Vocabulary {
        var axes = operation.answer.axes.map { $0 == "batch" ? "image" : $0 }
        if operation == .biasGradient { axes = ["", "", "", "filter"] }
        let named = (0..<4).filter { !axes[$0].isEmpty }
        var all = Vocabulary(
            numbers: named.map { axis in Number(axes[axis]) { $0.index[axis] } },
            facts: values
                + named.flatMap { axis in
                    [
                        Fact("in the first \(axes[axis])") { $0.index[axis] == 0 },
                        Fact("in the last \(axes[axis])") { $0.index[axis] == $0.shape[axis] - 1 },
                        Fact("in the first or last \(axes[axis])") {
                            $0.index[axis] == 0 || $0.index[axis] == $0.shape[axis] - 1
                        },
                        Fact("in the last \(axes[axis]) of an odd number") {
                            $0.index[axis] == $0.shape[axis] - 1 && $0.shape[axis] % 2 == 1
                        },
                    ]
                        + [4, 8, 16].map { size in
                            Fact("behind the last whole \(size) \(axes[axis])s") { $0.isBehindBlocks(of: size, axis) }
                        }
                })
        all.negates = false
        if operation == .forward { all = all + windows }
        if operation == .forward || operation == .inputGradient {
            let isForward = operation == .forward
            all.numbers += [
                Number("pixel") { $0.index[1] * $0.shape[2] + $0.index[2] },
                Number("group") {
                    $0.index[3] / max(isForward ? $0.geometry.filtersPerGroup : $0.geometry.channelsPerGroup, 1)
                },
                Number("\(axes[3]) within the group") {
                    $0.index[3] % max(isForward ? $0.geometry.filtersPerGroup : $0.geometry.channelsPerGroup, 1)
                },
            ]
        }
        return all
    }

    private static let values: [Fact] = [
        Fact("of which NaN is wanted") { $0.wanted.isNaN },
        Fact("of which an infinity is wanted") { $0.wanted.isInfinite },
        Fact("of which -infinity is wanted") { $0.wanted == -.infinity },
        Fact("of which NaN or an infinity is wanted") { !$0.wanted.isFinite },
        Fact("of which a negative number is wanted") { $0.wanted < 0 },
        Fact("of which a number beyond 16 bits is wanted") { $0.wanted > 32767 || $0.wanted < -32768 },
        Fact("of which a number beyond float16 is wanted") { $0.wanted.isFinite && $0.wanted.magnitude >= 65520 },
        Fact("of which a number below the normal ones of float16 is wanted") {
            $0.wanted != 0 && $0.wanted.magnitude < 0x1p-14
        },
        Fact("of which a number beyond int8 is wanted") { $0.wanted > 127 || $0.wanted < -128 },
    ]

    /// What can be said of the problems behind elements, where they are of failing and of passing ones.
    static let ofProblems = Vocabulary(
        facts: [
            Fact("of a problem that has a bias") { $0.problem.biasCount != nil },
            Fact("of a problem that is strided") { $0.geometry.strides != .one },
            Fact("of a problem that is dilated") { $0.geometry.dilations != .one },
            Fact("of a problem that is grouped") { $0.geometry.groups > 1 },
            Fact("of a problem that is depthwise") { $0.geometry.groups > 1 && $0.geometry.channelsPerGroup == 1 },
            Fact("of a problem that is grouped and not depthwise") {
                $0.geometry.groups > 1 && $0.geometry.channelsPerGroup > 1
            },
            Fact("of a problem that is padded") { $0.geometry.pads != .none },
            Fact("of a problem that has padding SAME") {
                $0.problem.padding == .sameUpper || $0.problem.padding == .sameLower
            },
        ])

    private static let windows = Vocabulary(
        numbers: [],
        facts: [
            Fact("whose window reaches into the padding") { $0.isAbove || $0.isBelow || $0.isLeft || $0.isRight },
            Fact("whose window reaches above the image") { $0.isAbove },
            Fact("whose window reaches below the image") { $0.isBelow },
            Fact("whose window reaches above or below the image") { $0.isAbove || $0.isBelow },
            Fact("whose window reaches out at the left") { $0.isLeft },
            Fact("whose window reaches out at the right") { $0.isRight },
            Fact("whose window reaches out at the left or right") { $0.isLeft || $0.isRight },
            Fact("whose window lies in the padding alone") {
                $0.rows.upperBound <= 0 || $0.rows.lowerBound >= $0.geometry.height || $0.columns.upperBound <= 0
                    || $0.columns.lowerBound >= $0.geometry.width
            },
        ])
}
