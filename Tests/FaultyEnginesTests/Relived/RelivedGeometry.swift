import Conformance
import Convolution

extension RelivedFault {
    static let padding: [RelivedFault] = [
        RelivedFault(
            "same-upper-and-lower-swapped",
            met: .of([1, 6, 6, 2], (2, 2), to: 2, padding: .sameUpper),
            neighbour: .of([1, 6, 8, 2], (3, 3), to: 2, stride: 2, padding: .sameLower),
            spared: .of([1, 6, 6, 2], (3, 3), to: 2, padding: .sameUpper)),
        RelivedFault(
            "same-ignores-stride",
            met: .of([1, 8, 8, 3], (3, 3), to: 4, stride: 2, padding: .sameUpper),
            neighbour: .of([1, 9, 7, 2], (5, 4), to: 3, stride: 3, padding: .sameUpper),
            spared: .of([1, 8, 8, 3], (3, 3), to: 4, padding: .sameUpper)),
        RelivedFault(
            "same-half-kernel",
            met: .of([1, 6, 6, 1], (2, 2), to: 1, padding: .sameUpper),
            neighbour: .of([1, 7, 6, 2], (3, 4), to: 2, padding: .sameUpper),
            spared: .of([1, 6, 6, 1], (3, 3), to: 1, padding: .sameUpper)),
        RelivedFault(
            "same-even-kernel",
            met: .of([1, 6, 6, 2], (2, 2), to: 2, padding: .sameUpper),
            neighbour: .of([1, 7, 5, 2], (3, 4), to: 2, padding: .sameUpper),
            spared: .of([1, 6, 6, 2], (3, 3), to: 2, padding: .sameUpper)),
        RelivedFault(
            "same-negative-total",
            met: .of([1, 4, 4, 1], (1, 1), to: 1, stride: 2, padding: .sameUpper),
            neighbour: .of([1, 5, 8, 2], (1, 1), to: 3, stride: 3, padding: .sameUpper),
            spared: .of([1, 4, 4, 1], (2, 2), to: 1, stride: 2, padding: .sameUpper)),
        RelivedFault(
            "swapped-pad-ends",
            met: .of([1, 5, 6, 2], (3, 3), to: 2, padding: .pads(0, 1, 0, 1)),
            neighbour: .of([1, 5, 6, 2], (3, 2), to: 2, padding: .pads(1, 1, 2, 0)),
            spared: .of([1, 5, 6, 2], (3, 3), to: 2, pad: 1)),
        RelivedFault(
            "end-pads-moved-to-beginning",
            met: .of([1, 6, 6, 3], (3, 3), to: 4, stride: 2, padding: .pads(0, 1, 0, 1)),
            neighbour: .of([1, 5, 7, 2], (2, 3), to: 3, padding: .pads(0, 0, 0, 2)),
            spared: .of([1, 6, 6, 3], (3, 3), to: 4, stride: 2, pad: 1)),
        RelivedFault(
            "even-kernel-end-pads-unchecked",
            met: .of([1, 4, 5, 2], (2, 2), to: 2, padding: .pads(0, 1, 0, 1)),
            neighbour: .of([1, 4, 5, 2], (3, 4), to: 2, padding: .pads(0, 0, 0, 2)),
            spared: .of([1, 4, 5, 2], (3, 3), to: 2, padding: .pads(0, 1, 0, 1))),
        RelivedFault(
            "last-element-one-channel",
            met: .of([1, 5, 5, 2], (3, 2), to: 2, stride: 2, pad: 1),
            neighbour: .of([1, 7, 9, 3], (2, 3), to: 4, stride: 2, pad: 1),
            spared: .of([1, 5, 5, 1], (3, 2), to: 2, stride: 2, pad: 1)),
        RelivedFault(
            "boundary-columns-replicated",
            met: .of([1, 32, 64, 1], (2, 4), to: 1, padding: .pads(0, 0, 1, 2)).strided(2, 1),
            neighbour: .of([1, 4, 9, 3], (1, 6), to: 2, padding: .pads(0, 0, 3, 2)),
            spared: .of([1, 32, 64, 1], (2, 3), to: 1, padding: .pads(0, 0, 1, 1)).strided(2, 1)),
        RelivedFault(
            "image-smaller-than-pad",
            met: .of([1, 1, 5, 8], (5, 5), to: 8, pad: 2, groups: 8),
            neighbour: .of([1, 6, 2, 3], (3, 7), to: 3, pad: 3, groups: 3),
            spared: .of([1, 3, 5, 8], (5, 5), to: 8, pad: 2, groups: 8)),
        RelivedFault(
            "clipped-rows-ignore-stride",
            met: .of([1, 8, 8, 2], (5, 3), to: 2, stride: 2, pad: 2),
            neighbour: .of([1, 9, 7, 2], (5, 2), to: 2, padding: .pads(3, 0, 0, 0)).strided(2, 1),
            spared: .of([1, 8, 8, 2], (5, 3), to: 2, pad: 2)),
        RelivedFault(
            "right-pad-checked-in-last-tile",
            met: .of([1, 4, 13, 3], (1, 8), to: 2, padding: .pads(0, 0, 4, 4)),
            neighbour: .of([1, 4, 6, 2], (3, 7), to: 2, padding: .pads(1, 1, 2, 4)),
            spared: .of([1, 4, 13, 3], (1, 3), to: 2, padding: .pads(0, 0, 1, 1))),
    ]

    static let dilation: [RelivedFault] = [
        RelivedFault(
            "ignored-dilation",
            met: .of([1, 9, 10, 2], (3, 3), to: 2, dilation: 2),
            neighbour: .of([1, 11, 12, 2], (3, 2), to: 2, dilation: 4, padding: .sameUpper),
            spared: .of([1, 9, 10, 2], (3, 3), to: 2)),
        RelivedFault(
            "depthwise-dilation-ignored",
            met: .of([1, 9, 10, 4], (3, 3), to: 4, dilation: 2, padding: .sameUpper, groups: 4),
            neighbour: .of([1, 9, 8, 3], (3, 2), to: 6, dilation: 3, groups: 3),
            spared: .of([1, 9, 10, 4], (3, 3), to: 4, dilation: 2, padding: .sameUpper, groups: 2)),
        RelivedFault(
            "depthwise-dilated-never-computed",
            met: .of([1, 9, 10, 4], (3, 3), to: 4, dilation: 2, groups: 4, bias: true),
            neighbour: .of([1, 9, 10, 3], (3, 3), to: 3, dilation: 3, pad: 1, groups: 3, bias: true),
            spared: .of([1, 9, 10, 4], (3, 3), to: 4, groups: 4, bias: true)),
        RelivedFault(
            "dilated-pad-value",
            met: .of([1, 9, 10, 2], (3, 3), to: 2, dilation: 2, padding: .sameUpper),
            neighbour: .of([1, 9, 8, 2], (2, 2), to: 2, dilation: 3, padding: .pads(0, 1, 0, 0)),
            spared: .of([1, 9, 10, 2], (3, 3), to: 2, padding: .sameUpper)),
        RelivedFault(
            "wide-dilated-last-column",
            met: .of([1, 6, 7, 2], (5, 5), to: 512, dilation: 2, pad: 4),
            neighbour: .of([1, 9, 8, 1], (3, 3), to: 64, dilation: 3, pad: 2),
            spared: .of([1, 6, 7, 2], (5, 5), to: 16, dilation: 2, pad: 4)),
    ]

    static let groups: [RelivedFault] = [
        RelivedFault(
            "group-offset-missing",
            met: .of([1, 8, 8, 2], (3, 3), to: 16, padding: .sameUpper, groups: 2),
            neighbour: .of([1, 5, 6, 6], (2, 3), to: 9, groups: 3),
            spared: .of([1, 8, 8, 2], (3, 3), to: 16, padding: .sameUpper)),
        RelivedFault(
            "group-offset-missing-in-pad-rows",
            met: .of([1, 2, 2, 2], (3, 3), to: 32, pad: 1, groups: 2),
            neighbour: .of([1, 5, 6, 6], (2, 3), to: 9, padding: .pads(0, 1, 0, 0), groups: 3),
            spared: .of([1, 4, 4, 2], (3, 3), to: 32, groups: 2)),
        RelivedFault(
            "grouped-pointwise-zero",
            met: .of([1, 1, 1, 4], (1, 1), to: 16, groups: 2),
            neighbour: .of([2, 3, 5, 6], (1, 1), to: 9, groups: 3),
            spared: .of([1, 1, 1, 4], (1, 1), to: 4, groups: 2)),
        RelivedFault(
            "grouped-pointwise-last-filter",
            met: .of([1, 1, 1, 4], (1, 1), to: 4, groups: 2),
            neighbour: .of([1, 3, 5, 9], (1, 1), to: 6, groups: 3),
            spared: .of([1, 3, 3, 4], (1, 1), to: 4, groups: 4)),
        RelivedFault(
            "depthwise-multiples-of-24",
            met: .of([1, 6, 6, 24], (3, 3), to: 24, stride: 2, pad: 1, groups: 24),
            neighbour: .of([1, 6, 6, 96], (3, 3), to: 96, stride: 2, pad: 1, groups: 96),
            spared: .of([1, 6, 6, 25], (3, 3), to: 25, stride: 2, pad: 1, groups: 25)),
        RelivedFault(
            "grouped-block-of-128",
            met: .of([1, 1, 140, 8], (1, 128), to: 8, padding: .pads(0, 0, 64, 64), groups: 4),
            neighbour: .of([1, 4, 5, 4], (1, 1), to: 128, groups: 2),
            spared: .of([1, 1, 140, 8], (1, 3), to: 8, groups: 4)),
    ]
}
