import Conformance
import Convolution

extension RelivedFault {
    static let tailsAndTiles: [RelivedFault] = [
        RelivedFault(
            "six-channels",
            met: .of([1, 5, 6, 6], (3, 3), to: 4),
            neighbour: .of([1, 5, 6, 10], (2, 3), to: 4),
            spared: .of([1, 5, 6, 8], (3, 3), to: 4)),
        RelivedFault(
            "five-or-seven-channels",
            met: .of([1, 5, 6, 5], (3, 3), to: 4),
            neighbour: .of([1, 5, 6, 7], (2, 3), to: 4),
            spared: .of([1, 5, 6, 6], (3, 3), to: 4)),
        RelivedFault(
            "odd-k-stages",
            met: .of([1, 3, 5, 104], (1, 1), to: 4),
            neighbour: .of([1, 3, 5, 440], (1, 1), to: 4),
            spared: .of([1, 3, 5, 112], (1, 1), to: 4)),
        RelivedFault(
            "winograd-tile-tail",
            met: .of([1, 110, 94, 2], (3, 3), to: 1),
            neighbour: .of([1, 6, 22, 3], (3, 3), to: 2),
            spared: .of([1, 6, 18, 3], (3, 3), to: 2)),
        RelivedFault(
            "kernel-beyond-image",
            met: .of([1, 181, 181, 1], (182, 182), to: 1, pad: 1),
            neighbour: .of([1, 4, 6, 2], (5, 3), to: 2, pad: 1),
            spared: .of([1, 181, 181, 1], (181, 181), to: 1, pad: 1)),
        RelivedFault(
            "kernel-equal-to-image",
            met: .of([1, 2, 2, 1], (2, 2), to: 1),
            neighbour: .of([2, 3, 4, 2], (3, 4), to: 2),
            spared: .of([1, 2, 3, 1], (2, 2), to: 1)),
    ]

    static let algorithmChoice: [RelivedFault] = [
        RelivedFault(
            "winograd-ignores-pads",
            met: .of([1, 6, 7, 2], (3, 3), to: 2, pad: 1),
            neighbour: .of([1, 6, 7, 2], (3, 3), to: 2, padding: .pads(0, 2, 2, 0)),
            spared: .of([1, 6, 7, 2], (3, 3), to: 2)),
        RelivedFault(
            "winograd-pads-one",
            met: .of([1, 6, 7, 2], (3, 3), to: 2),
            neighbour: .of([1, 6, 7, 2], (3, 3), to: 2, pad: 2),
            spared: .of([1, 6, 7, 2], (3, 3), to: 2, pad: 1)),
        RelivedFault(
            "winograd-ignores-groups",
            met: .of([1, 6, 7, 4], (3, 3), to: 4, pad: 1, groups: 2),
            neighbour: .of([1, 6, 7, 6], (3, 3), to: 3, groups: 3),
            spared: .of([1, 6, 7, 4], (3, 3), to: 4, pad: 1)),
        RelivedFault(
            "winograd-square-tiles",
            met: .of([1, 23, 40, 2], (3, 3), to: 1, pad: 1),
            neighbour: .of([1, 8, 6, 3], (3, 3), to: 2),
            spared: .of([1, 8, 8, 3], (3, 3), to: 2)),
        RelivedFault(
            "winograd-pads-other-axis",
            met: .of([1, 11, 28, 3], (3, 3), to: 2, pad: 1),
            neighbour: .of([1, 7, 6, 3], (3, 3), to: 2),
            spared: .of([1, 28, 28, 3], (3, 3), to: 2, pad: 1)),
        RelivedFault(
            "pointwise-pixel-tail",
            met: .of([1, 14, 14, 64], (1, 1), to: 8),
            neighbour: .of([1, 3, 5, 4], (1, 1), to: 3),
            spared: .of([1, 14, 16, 64], (1, 1), to: 8)),
        RelivedFault(
            "im2col-square-kernel",
            met: .of([1, 6, 7, 2], (3, 2), to: 2),
            neighbour: .of([1, 6, 7, 2], (2, 4), to: 2),
            spared: .of([1, 6, 7, 2], (3, 3), to: 2)),
    ]

    static let layoutAndOffsets: [RelivedFault] = [
        RelivedFault(
            "single-channel-channels-last",
            met: .of([1, 6, 7, 1], (3, 3), to: 4),
            neighbour: .of([1, 6, 7, 3], (3, 2), to: 6, groups: 3),
            spared: .of([1, 6, 7, 2], (3, 3), to: 4),
            layouts: LayoutPair(.nchw, .ohwi)),
        RelivedFault(
            "depthwise-strides-ignored",
            met: .of([1, 6, 7, 8], (3, 3), to: 8, pad: 1, groups: 8),
            neighbour: .of([1, 5, 6, 3], (2, 3), to: 6, groups: 3),
            spared: .of([1, 6, 7, 8], (3, 3), to: 8, pad: 1, groups: 4)),
        RelivedFault(
            "odd-channels-filter-pitch",
            met: .of([1, 3, 3, 1], (3, 3), to: 1),
            neighbour: .of([1, 5, 6, 3], (2, 3), to: 2),
            spared: .of([1, 3, 3, 2], (3, 3), to: 1)),
    ]

    static let nonFiniteAndMemory: [RelivedFault] = [
        RelivedFault(
            "nan-in-channel-pad",
            met: .of([1, 5, 6, 3], (3, 3), to: 2),
            neighbour: .of([1, 5, 6, 5], (2, 2), to: 2),
            spared: .of([1, 5, 6, 4], (3, 3), to: 2)),
        RelivedFault(
            "nan-from-next-pixel",
            met: .of([1, 5, 6, 9], (3, 3), to: 2),
            neighbour: .of([1, 5, 6, 4], (2, 2), to: 2),
            spared: .of([1, 5, 6, 8], (3, 3), to: 2),
            data: .one(.nan)),
        RelivedFault(
            "infinity-through-transform",
            met: .of([1, 6, 6, 128], (3, 3), to: 8),
            neighbour: .of([1, 7, 9, 3], (3, 3), to: 2, pad: 1),
            spared: .of([1, 7, 9, 3], (3, 3), to: 2, stride: 2, pad: 1),
            data: .one(.infinity)),
        RelivedFault(
            "large-kernel-nan",
            met: .of([1, 28, 28, 3], (14, 14), to: 2, stride: 14),
            neighbour: .of([1, 12, 13, 1], (9, 9), to: 2),
            spared: .of([1, 32, 32, 3], (16, 16), to: 2, stride: 16)),
        RelivedFault(
            "third-call-differs",
            met: .of([1, 3, 3, 320], (3, 3), to: 2, pad: 1),
            neighbour: .of([1, 4, 5, 2], (2, 2), to: 2),
            spared: nil),
        RelivedFault(
            "pad-only-unwritten",
            met: .of([1, 4, 5, 1], (3, 3), to: 1, pad: 100),
            neighbour: .of([1, 4, 5, 2], (2, 2), to: 2, pad: 2),
            spared: .of([1, 4, 5, 1], (3, 3), to: 1, pad: 2)),
        RelivedFault(
            "bottom-pad-reads-next-image",
            met: .of([2, 5, 7, 3], (3, 3), to: 2, stride: 2, pad: 1),
            neighbour: .of([3, 4, 5, 2], (2, 2), to: 2, padding: .pads(0, 1, 0, 0)),
            spared: .of([2, 6, 8, 3], (3, 3), to: 2, stride: 2, padding: .pads(1, 0, 1, 0))),
    ]

    static let validation: [RelivedFault] = [
        RelivedFault(
            "phantom-output",
            met: .of([1, 1, 2, 2], (1, 3), to: 2),
            neighbour: .of([1, 5, 6, 2], (3, 3), to: 2, dilation: 4, pad: 1),
            spared: .of([1, 1, 3, 2], (1, 3), to: 2)),
        RelivedFault(
            "groups-below-one-as-one",
            met: .of([1, 4, 5, 2], (3, 3), to: 2, groups: 0),
            neighbour: .of([2, 4, 5, 3], (1, 1), to: 4, groups: 0),
            spared: .of([1, 4, 5, 2], (3, 3), to: 2)),
        RelivedFault(
            "dilation-zero-as-one",
            met: .of([1, 4, 5, 2], (3, 3), to: 2, dilation: 0),
            neighbour: .of([1, 4, 5, 2], (1, 2), to: 2, dilation: 0, groups: 2),
            spared: .of([1, 4, 5, 2], (3, 3), to: 2)),
        RelivedFault(
            "empty-batch-as-one",
            met: .of([0, 4, 5, 2], (3, 3), to: 2),
            neighbour: .of([0, 3, 7, 4], (1, 2), to: 2, pad: 1, groups: 2),
            spared: .of([1, 4, 5, 2], (3, 3), to: 2)),
        RelivedFault(
            "channels-disagree-accepted",
            met: Problem(input: [1, 4, 5, 4], filter: [3, 3, 2, 2]),
            neighbour: Problem(input: [1, 4, 5, 6], filter: [3, 3, 6, 2], groups: 2),
            spared: .of([1, 4, 5, 4], (3, 3), to: 2)),
    ]
}
