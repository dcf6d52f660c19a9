internal import Conformance
internal import Convolution

/// A case as rules speak of it.
struct CaseSubject {
    let header: CaseHeader
    let layouts: LayoutPair
    let problem: Problem
    let pads: Pads
    /// All 0 where the problem has no output.
    let output: Shape
    /// How many rows and columns the dilated kernel spans.
    let reach: Extent
    /// What the same instance of the engine had been asked before.
    var past = CasePast()

    init(_ observation: Observation) {
        header = observation.header
        layouts = observation.layouts
        problem = header.problem
        pads = problem.pads
        output = (try? problem.geometry().outputShape) ?? [0, 0, 0, 0]
        func span(_ kernel: Int, _ dilation: Int) -> Int {
            (kernel - 1).multipliedReportingOverflow(by: dilation).partialValue &+ 1
        }
        reach = Extent(
            height: span(problem.filter[0], problem.dilations.height),
            width: span(problem.filter[1], problem.dilations.width))
    }

    fileprivate static func product(_ factors: Int...) -> Int {
        factors.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    }

    fileprivate var isGrouped: Bool { problem.groups > 1 }
    fileprivate var isDepthwise: Bool { isGrouped && problem.groups == problem.input[3] }
    fileprivate var isSame: Bool { problem.padding == .sameUpper || problem.padding == .sameLower }
    fileprivate var isExplicit: Bool { if case .explicit = problem.padding { true } else { false } }
    /// Rows and columns of the padded image behind the last window.
    fileprivate var leftover: Extent {
        Extent(
            height: Self.leftover(problem.input[1] &+ pads.top &+ pads.bottom, reach.height, problem.strides.height),
            width: Self.leftover(problem.input[2] &+ pads.left &+ pads.right, reach.width, problem.strides.width))
    }

    private static func leftover(_ extent: Int, _ reach: Int, _ stride: Int) -> Int {
        stride < 1 || extent < reach ? 0 : (extent &- reach) % stride
    }
}

extension Vocabulary<CaseSubject> {
    /// What can be said of a case alone.
    static let ofCases = Vocabulary(numbers: caseNumbers + derivedNumbers, facts: caseFacts + typeFacts + layoutFacts)

    private static let caseNumbers: [Number] = [
        Number("stride height") { $0.problem.strides.height },
        Number("stride width") { $0.problem.strides.width },
        Number("dilation height") { $0.problem.dilations.height },
        Number("dilation width") { $0.problem.dilations.width },
        Number("groups") { $0.problem.groups },
        Number("batch") { $0.problem.input[0] },
        Number("channels") { $0.problem.input[3] },
        Number("filters") { $0.problem.filter[3] },
        Number("kernel height") { $0.problem.filter[0] },
        Number("kernel width") { $0.problem.filter[1] },
        Number("pad top") { $0.pads.top },
        Number("pad bottom") { $0.pads.bottom },
        Number("pad left") { $0.pads.left },
        Number("pad right") { $0.pads.right },
        Number("input height") { $0.problem.input[1] },
        Number("input width") { $0.problem.input[2] },
        Number("output height") { $0.output[1] },
        Number("output width") { $0.output[2] },
        Number("channels per group") { $0.problem.filter[2] },
        Number("filters per group") { $0.problem.groups == 0 ? 0 : $0.problem.filter[3] / $0.problem.groups },
        Number("products per output element") {
            CaseSubject.product($0.problem.filter[0], $0.problem.filter[1], $0.problem.filter[2])
        },
    ]

    /// Of both axes, and of several numbers together.
    private static let derivedNumbers: [Number] = [
        Number("larger stride") { max($0.problem.strides.height, $0.problem.strides.width) },
        Number("smaller stride") { min($0.problem.strides.height, $0.problem.strides.width) },
        Number("larger dilation") { max($0.problem.dilations.height, $0.problem.dilations.width) },
        Number("smaller dilation") { min($0.problem.dilations.height, $0.problem.dilations.width) },
        Number("larger kernel extent") { max($0.problem.filter[0], $0.problem.filter[1]) },
        Number("smaller kernel extent") { min($0.problem.filter[0], $0.problem.filter[1]) },
        Number("kernel taps") { CaseSubject.product($0.problem.filter[0], $0.problem.filter[1]) },
        Number("largest pad") { $0.pads.list.max() ?? 0 },
        Number("smallest pad") { $0.pads.list.min() ?? 0 },
        Number("larger pad of top and left") { max($0.pads.top, $0.pads.left) },
        Number("larger pad of bottom and right") { max($0.pads.bottom, $0.pads.right) },
        Number("smaller pad of top and left") { min($0.pads.top, $0.pads.left) },
        Number("smaller input extent") { min($0.problem.input[1], $0.problem.input[2]) },
        Number("larger output extent") { max($0.output[1], $0.output[2]) },
        Number("smaller output extent") { min($0.output[1], $0.output[2]) },
        Number("output pixels") { CaseSubject.product($0.output[1], $0.output[2]) },
        Number("output elements") { CaseSubject.product($0.output[0], $0.output[1], $0.output[2], $0.output[3]) },
        Number("input elements") {
            CaseSubject.product($0.problem.input[0], $0.problem.input[1], $0.problem.input[2], $0.problem.input[3])
        },
        Number("filter elements") {
            CaseSubject.product($0.problem.filter[0], $0.problem.filter[1], $0.problem.filter[2], $0.problem.filter[3])
        },
        Number("images times filters") { CaseSubject.product($0.problem.input[0], $0.problem.filter[3]) },
        Number("largest shift of a stride beyond the kernel") {
            max($0.problem.strides.height - $0.reach.height, $0.problem.strides.width - $0.reach.width)
        },
    ]

    private static let caseFacts: [Fact] = [
        Fact("has a bias") { $0.problem.biasCount != nil },
        Fact("is strided") { $0.problem.strides != .one },
        Fact("is dilated") { $0.problem.dilations != .one },
        Fact("is grouped") { $0.isGrouped },
        Fact("is depthwise") { $0.isDepthwise },
        Fact("is padded") { $0.pads != .none },
        Fact("is pointwise") { $0.problem.filter[0] == 1 && $0.problem.filter[1] == 1 },
        Fact("is cropped by a negative pad") { $0.pads.list.contains { $0 < 0 } },
        Fact("has padding SAME_UPPER") { $0.problem.padding == .sameUpper },
        Fact("has padding SAME_LOWER") { $0.problem.padding == .sameLower },
        Fact("has padding SAME") { $0.isSame },
        Fact("has padding VALID") { $0.problem.padding == .valid },
        Fact("has explicit padding") { $0.isExplicit },
        Fact("has strides that differ") { $0.problem.strides.height != $0.problem.strides.width },
        Fact("has dilations that differ") { $0.problem.dilations.height != $0.problem.dilations.width },
        Fact("has a kernel that is not square") { $0.problem.filter[0] != $0.problem.filter[1] },
        Fact("has an image that is not square") { $0.problem.input[1] != $0.problem.input[2] },
        Fact("has an output that is not square") { $0.output[1] != $0.output[2] },
        Fact("has pads that differ") { Set($0.pads.list).count > 1 },
        Fact("has four different pads") { Set($0.pads.list).count == 4 },
        Fact("has pads that differ between the ends of an axis") { !$0.pads.areSymmetric },
        Fact("has pads that differ between the axes") {
            $0.pads.top != $0.pads.left || $0.pads.bottom != $0.pads.right
        },
        Fact("has more padding at the bottom than at the top") { $0.pads.bottom > $0.pads.top },
        Fact("has more padding at the right than at the left") { $0.pads.right > $0.pads.left },
        Fact("has pads at the ends of axes alone") {
            $0.pads.top == 0 && $0.pads.left == 0 && max($0.pads.bottom, $0.pads.right) > 0
        },
        Fact("has SAME padding that is less than it is without a stride") {
            $0.isSame
                && ($0.pads.top + $0.pads.bottom < $0.reach.height - 1
                    || $0.pads.left + $0.pads.right < $0.reach.width - 1)
        },
        Fact("has a pad as large as the dilated kernel") {
            max($0.pads.top, $0.pads.bottom) >= $0.reach.height || max($0.pads.left, $0.pads.right) >= $0.reach.width
        },
        Fact("has a pad as large as the kernel") {
            max($0.pads.top, $0.pads.bottom) >= $0.problem.filter[0]
                || max($0.pads.left, $0.pads.right) >= $0.problem.filter[1]
        },
        Fact("has a pad larger than the kernel") {
            max($0.pads.top, $0.pads.bottom) > $0.problem.filter[0]
                || max($0.pads.left, $0.pads.right) > $0.problem.filter[1]
        },
        Fact("has an image smaller than its pad") {
            $0.problem.input[1] < max($0.pads.top, $0.pads.bottom)
                || $0.problem.input[2] < max($0.pads.left, $0.pads.right)
        },
        Fact("has a crop on one side and a pad on the other") {
            ($0.pads.top < 0) != ($0.pads.bottom < 0) && max($0.pads.top, $0.pads.bottom) > 0
                || ($0.pads.left < 0) != ($0.pads.right < 0) && max($0.pads.left, $0.pads.right) > 0
        },
        Fact("has a stride beyond the kernel") {
            $0.problem.strides.height > $0.reach.height || $0.problem.strides.width > $0.reach.width
        },
        Fact("has a stride larger than the kernel, without its dilation") {
            $0.problem.strides.height > $0.problem.filter[0] || $0.problem.strides.width > $0.problem.filter[1]
        },
        Fact("has a stride beyond the kernel along an axis with several outputs") {
            $0.problem.strides.height > $0.problem.filter[0] && $0.output[1] > 1
                || $0.problem.strides.width > $0.problem.filter[1] && $0.output[2] > 1
        },
        Fact("has a stride that is not the dilation") { $0.problem.strides != $0.problem.dilations },
        Fact("has windows that overlap") {
            $0.problem.strides.height < $0.reach.height || $0.problem.strides.width < $0.reach.width
        },
        Fact("has windows that overlap along an axis with several outputs") {
            $0.problem.strides.height < $0.reach.height && $0.output[1] > 1
                || $0.problem.strides.width < $0.reach.width && $0.output[2] > 1
        },
        Fact("has a stride along an axis with a kernel of more than one") {
            $0.problem.strides.height > 1 && $0.problem.filter[0] > 1
                || $0.problem.strides.width > 1 && $0.problem.filter[1] > 1
        },
        Fact("has a dilation along an axis with a kernel of more than one") {
            $0.problem.dilations.height > 1 && $0.problem.filter[0] > 1
                || $0.problem.dilations.width > 1 && $0.problem.filter[1] > 1
        },
        Fact("has a stride along an axis with an output of more than one") {
            $0.problem.strides.height > 1 && $0.output[1] > 1 || $0.problem.strides.width > 1 && $0.output[2] > 1
        },
        Fact("has a stride and a dilation along the same axis") {
            $0.problem.strides.height > 1 && $0.problem.dilations.height > 1
                || $0.problem.strides.width > 1 && $0.problem.dilations.width > 1
        },
        Fact("has a stride and padding along the same axis") {
            $0.problem.strides.height > 1 && ($0.pads.top != 0 || $0.pads.bottom != 0)
                || $0.problem.strides.width > 1 && ($0.pads.left != 0 || $0.pads.right != 0)
        },
        Fact("has a dilation and padding along the same axis") {
            $0.problem.dilations.height > 1 && ($0.pads.top != 0 || $0.pads.bottom != 0)
                || $0.problem.dilations.width > 1 && ($0.pads.left != 0 || $0.pads.right != 0)
        },
        Fact("has an even kernel along a padded axis") {
            $0.problem.filter[0] % 2 == 0 && ($0.pads.top != 0 || $0.pads.bottom != 0)
                || $0.problem.filter[1] % 2 == 0 && ($0.pads.left != 0 || $0.pads.right != 0)
        },
        Fact("has rows or columns behind the last window, by the stride") {
            $0.leftover.height > 0 || $0.leftover.width > 0
        },
        Fact("has a dilated kernel larger than the image") {
            $0.reach.height > $0.problem.input[1] || $0.reach.width > $0.problem.input[2]
        },
        Fact("has a kernel larger than the image") {
            $0.problem.filter[0] > $0.problem.input[1] || $0.problem.filter[1] > $0.problem.input[2]
        },
        Fact("has a kernel as large as the image") {
            $0.problem.filter[0] == $0.problem.input[1] && $0.problem.filter[1] == $0.problem.input[2]
        },
        Fact("has a dilated kernel as large as the padded image along an axis") {
            $0.output[0] * $0.output[3] > 0 && ($0.output[1] == 1 || $0.output[2] == 1)
                && ($0.reach.height == $0.problem.input[1] &+ $0.pads.top &+ $0.pads.bottom
                    || $0.reach.width == $0.problem.input[2] &+ $0.pads.left &+ $0.pads.right)
        },
        Fact("has a dilated kernel larger than the padded image") {
            $0.reach.height > $0.problem.input[1] &+ $0.pads.top &+ $0.pads.bottom
                || $0.reach.width > $0.problem.input[2] &+ $0.pads.left &+ $0.pads.right
        },
        Fact("has a stride larger than the image") {
            $0.problem.strides.height > $0.problem.input[1] || $0.problem.strides.width > $0.problem.input[2]
        },
        Fact("has several filters to each channel, depthwise") {
            $0.isDepthwise && $0.problem.filter[3] > $0.problem.groups
        },
        Fact("has as many groups as filters") { $0.isGrouped && $0.problem.groups == $0.problem.filter[3] },
        Fact("has more filters than channels") { $0.problem.filter[3] > $0.problem.input[3] },
        Fact("has as many filters as channels in a group") { $0.problem.filter[2] == $0.problem.filter[3] },
        Fact("has real data") { $0.header.data == .real },
        Fact("has special values") { $0.header.data == .special },
        Fact("is an invalid problem") { $0.header.expectation != .output },
        Fact("has channels that the groups do not divide") {
            $0.problem.groups > 0 && $0.problem.input[3] % $0.problem.groups != 0
        },
        Fact("has filters that the groups do not divide") {
            $0.problem.groups > 0 && $0.problem.filter[3] % $0.problem.groups != 0
        },
        Fact("has a filter whose channels are not those of the input") {
            CaseSubject.product($0.problem.filter[2], $0.problem.groups) != $0.problem.input[3]
        },
        Fact("has a bias whose length is not the number of filters") {
            $0.problem.operation == .forward
                && $0.problem.biasCount.map { [it = $0] in $0 != it.problem.filter[3] } ?? false
        },
    ]

    /// Of unquantized answers.
    private static let answerTypes = ElementType.allCases.filter { $0.size > 1 }

    private static let typeFacts: [Fact] =
        Operation.allCases.map { operation in
            Fact("is \(operation.noun)") { $0.problem.operation == operation }
        }
        + [Fact("is a gradient") { $0.problem.operation != .forward }]
        + answerTypes.map { type in
            Fact("has \(type.rawValue) answers") { $0.problem.types[$0.problem.operation.answer] == type }
        } + [
            Fact("has numbers of 8 bits") { $0.problem.types.input.size == 1 },
            Fact("has quantized answers") { $0.problem.types.kind == .quantized },
            Fact("has int8 inputs") { $0.problem.types.input == .int8 },
            Fact("has uint8 inputs") { $0.problem.types.input == .uint8 },
            Fact("has int8 filters") { $0.problem.types.filter == .int8 },
            Fact("has uint8 filters") { $0.problem.types.filter == .uint8 },
            Fact("has uint8 answers") { $0.problem.types[$0.problem.operation.answer] == .uint8 },
            Fact("has zero points or scales for each filter") { $0.header.tags.contains("per-filter") },
        ]

    private static let layoutFacts: [Fact] =
        [Fact("is given in another layout than NHWC with HWIO") { $0.layouts != .golden }]
        + ActivationLayout.allCases.map { layout in
            Fact("is given with its input in \(layout.rawValue)") { $0.layouts.activation == layout }
        }
        + FilterLayout.allCases.map { layout in
            Fact("is given with its filter in \(layout.rawValue)") { $0.layouts.filter == layout }
        }
}
