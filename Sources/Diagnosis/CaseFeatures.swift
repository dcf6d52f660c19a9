internal import Conformance
internal import Convolution

/// What a rule may speak of: numbers of a case, and what is so of it or not.
struct CaseFeatures: Sendable {
    /// By the names of ``numbers``, in their order.
    let values: [Int]
    /// By the names of ``facts``, in their order.
    let truths: [Bool]

    /// The numbers, those that an author thinks of first in front: of two rules as good, the one that comes first is taken.
    static let numbers = [
        "stride height", "stride width", "dilation height", "dilation width", "groups", "batch", "channels", "filters",
        "kernel height", "kernel width", "pad top", "pad bottom", "pad left", "pad right", "input height",
        "input width",
        "output height", "output width", "channels per group", "filters per group", "products per output element",
        "output elements",
    ]

    /// Of unquantized answers.
    private static let answerTypes = ElementType.allCases.filter { $0.size > 1 }

    static let facts: [String] =
        [
            "has a bias", "is strided", "is dilated", "is grouped", "is depthwise", "is padded", "is pointwise",
            "is cropped by a negative pad", "has padding SAME_UPPER", "has padding SAME_LOWER", "has padding VALID",
            "has explicit padding", "has strides that differ", "has dilations that differ",
            "has a kernel that is not square",
            "has an image that is not square", "has more padding at the bottom than at the top",
            "has more padding at the right than at the left", "has pads that differ", "has four different pads",
            "has a stride beyond the kernel",
            "has a dilated kernel larger than the image", "has real data", "has special values",
            "is an invalid problem", "is given in another layout than NHWC with HWIO",
        ] + Operation.allCases.map { "is \($0.noun)" } + answerTypes.map { "has \($0.rawValue) answers" } + [
            "has quantized answers", "has int8 inputs", "has uint8 inputs", "has int8 filters",
            "has uint8 filters", "has zero points or scales for each filter",
        ]

    init(_ observation: Observation) {
        let (header, problem) = (observation.header, observation.header.problem)
        let (input, filter, pads) = (problem.input, problem.filter, problem.pads)
        let output = (try? problem.geometry().outputShape) ?? [0, 0, 0, 0]
        let (strides, dilations, groups) = (problem.strides, problem.dilations, problem.groups)
        func reach(_ kernel: Int, _ dilation: Int) -> Int {
            (kernel - 1).multipliedReportingOverflow(by: dilation).partialValue &+ 1
        }
        let answer = problem.types[problem.operation.answer]
        func product(_ factors: Int...) -> Int {
            factors.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        }
        let (high, wide) = (reach(filter[0], dilations.height), reach(filter[1], dilations.width))
        values = [
            strides.height, strides.width, dilations.height, dilations.width, groups, input[0], input[3], filter[3],
            filter[0], filter[1], pads.top, pads.bottom, pads.left, pads.right, input[1], input[2],
            output[1], output[2], filter[2], groups == 0 ? 0 : filter[3] / groups,
            product(filter[0], filter[1], filter[2]), product(output[0], output[1], output[2], output[3]),
        ]
        let isExplicit = if case .explicit = problem.padding { true } else { false }
        truths =
            [
                problem.biasCount != nil, strides != .one, dilations != .one, groups > 1,
                groups > 1 && groups == input[3], pads != .none, filter[0] == 1 && filter[1] == 1,
                pads.list.contains { $0 < 0 }, problem.padding == .sameUpper, problem.padding == .sameLower,
                problem.padding == .valid, isExplicit, strides.height != strides.width,
                dilations.height != dilations.width, filter[0] != filter[1], input[1] != input[2],
                pads.bottom > pads.top, pads.right > pads.left, Set(pads.list).count > 1, Set(pads.list).count == 4,
                strides.height > high || strides.width > wide, high > input[1] || wide > input[2],
                header.data == .real, header.data == .special, header.expectation != .output,
                observation.layouts != .golden,
            ] + Operation.allCases.map { $0 == problem.operation } + Self.answerTypes.map { $0 == answer } + [
                problem.types.kind == .quantized,
                problem.types.input == .int8, problem.types.input == .uint8, problem.types.filter == .int8,
                problem.types.filter == .uint8,
                header.tags.contains("per-filter"),
            ]
    }
}
