"""Reported faults of layout and groups, for the suite `regressions`."""

from golden.problem.geometry import SAME_UPPER
from golden.suites.regression import Regression, conv, depthwise


def faults() -> list[Regression]:
    """List all of them."""
    return [*layout(), *groups()]


def layout() -> list[Regression]:
    """List faults of strides and offsets in memory; the remark says in which layout each was met."""
    nhwc = "Met with an NHWC input in an NCHW library."
    weight = "Met with a weight that is a view: run every layout of the filter."
    return [
        Regression(
            "pytorch#180984",
            "a pixel stride taken for one channel less",
            (conv((1, 2, 1), 3, (1, 1)),),
            (conv((1, 2, 2), 3, (1, 1)), conv((2, 3, 1), 3, (1, 1), batch=2), conv((3, 2, 3), 2, (1, 1))),
            remark=nhwc,
        ),
        Regression(
            "pytorch#192212",
            "a weight read as if it were contiguous",
            (conv((6, 7, 3), 4, (3, 3)),),
            (conv((6, 7, 1), 4, (3, 3)), conv((6, 7, 4), 5, (3, 2)), conv((6, 7, 2), 3, (2, 3), batch=2)),
            remark=weight,
        ),
        Regression(
            "pytorch#82060",
            "a channels-last weight beside a contiguous input, which one channel makes hard to tell apart",
            (conv((5, 6, 1), 4, (3, 3), SAME_UPPER),),
            (
                conv((5, 6, 2), 4, (3, 3), SAME_UPPER),
                conv((5, 6, 1), 1, (3, 2), SAME_UPPER),
                conv((5, 6, 1), 4, (1, 1)),
            ),
            remark="Met with an NCHW input and an OHWI filter.",
        ),
        Regression(
            "pytorch#1246",
            "every second row and column of a larger weight read as its first ones",
            (conv((7, 8, 2), 3, (2, 2)), conv((7, 8, 2), 3, (3, 3))),
            (conv((7, 8, 2), 3, (3, 2)), conv((7, 8, 3), 2, (1, 2)), conv((7, 8, 1), 4, (4, 3))),
            remark=weight,
        ),
        Regression(
            "pytorch#18948",
            "the last column of input and weight read with the whole row's stride",
            (conv((6, 1, 3), 2, (3, 1)),),
            (conv((6, 2, 3), 2, (3, 1)), conv((6, 2, 3), 2, (3, 2)), conv((1, 6, 3), 2, (1, 3))),
            remark="Met with slices of both tensors.",
        ),
        Regression(
            "candle#3735, candle#3736, candle#3836, candle#3853",
            "a transposed or sliced kernel read from the start of its memory, or in its order",
            (conv((6, 7, 3), 4, (2, 3)), conv((6, 7, 4), 3, (3, 3), SAME_UPPER)),
            (
                conv((7, 6, 3), 4, (3, 2)),
                conv((6, 7, 3), 3, (3, 3), batch=2),
                conv((6, 7, 1), 4, (2, 3)),
                conv((5, 6, 4), 4, (1, 1)),
                depthwise((6, 7, 4), (2, 3)),
            ),
            remark=weight,
        ),
        Regression(
            "executorch#22951",
            "the input's strides ignored in a depthwise convolution",
            (depthwise((5, 6, 8), (3, 3), (1, 1, 1, 1)),),
            (
                depthwise((5, 6, 7), (3, 3), (1, 1, 1, 1)),
                depthwise((5, 6, 9), (3, 3), (1, 1, 1, 1)),
                conv((5, 6, 8), 8, (3, 3), (1, 1, 1, 1), groups=4),
                conv((5, 6, 8), 8, (3, 3), (1, 1, 1, 1)),
            ),
            remark=nhwc,
        ),
        Regression(
            "modular#6712",
            "a permuted input under pads wider than itself, with a result that is not always the same",
            (conv((4, 5, 3), 4, (3, 3), (1, 1, 10, 10)),),
            (
                conv((4, 5, 3), 4, (3, 3), (1, 1, 2, 3)),
                conv((4, 5, 3), 4, (3, 2), (0, 0, 11, 9)),
                conv((5, 4, 3), 4, (3, 3), (10, 10, 1, 1)),
            ),
            remark=nhwc,
        ),
    ]


def groups() -> list[Regression]:
    """List faults of grouped and depthwise convolutions."""
    one = (1, 1, 1, 1)
    return [
        Regression(
            "pytorch#19912",
            "two groups answered with zeros",
            (conv((4, 5, 4), 16, (1, 1), batch=2, groups=2),),
            (
                *(conv((4, 5, 4), filters, (1, 1), batch=2, groups=2) for filters in (2, 14, 18)),
                conv((4, 5, 6), 16, (1, 1), groups=2),
                conv((4, 5, 4), 16, (1, 1), groups=4),
                conv((4, 5, 4), 16, (1, 1)),
                conv((4, 5, 4), 16, (3, 3), groups=2),
            ),
        ),
        Regression(
            "pytorch#50042",
            "a special path for one number of channels in a depthwise convolution",
            (depthwise((7, 8, 24), (3, 3), one, strides=(2, 2)),),
            (
                *(depthwise((7, 8, channels), (3, 3), one, strides=(2, 2)) for channels in (22, 23, 25, 26)),
                depthwise((7, 8, 24), (3, 3), one, strides=(1, 1)),
                depthwise((8, 7, 24), (3, 3), one, strides=(2, 1)),
            ),
            remark="Reported for the gradient.",
        ),
        Regression(
            "burn#3415",
            "filters of two groups taken in the wrong order",
            (conv((5, 6, 2), 16, (3, 3), one, groups=2),),
            (
                *(conv((5, 6, 2), filters, (3, 3), one, groups=2) for filters in (2, 4, 14, 18)),
                conv((5, 6, 4), 16, (3, 3), one, groups=2),
                conv((5, 6, 2), 16, (3, 3), one),
            ),
        ),
        Regression(
            "burn#4727",
            "groups on an image smaller than the kernel",
            (conv((2, 2, 2), 32, (3, 3), one, groups=2), conv((1, 2, 2), 4, (1, 8), (0, 0, 4, 4), groups=2)),
            (
                conv((2, 2, 2), 30, (3, 3), one, groups=2),
                conv((2, 3, 2), 32, (3, 3), one, groups=2),
                conv((3, 2, 2), 32, (3, 3), one, groups=2),
                conv((1, 2, 2), 4, (1, 7), (0, 0, 4, 4), groups=2),
                conv((1, 2, 2), 4, (1, 9), (0, 0, 4, 4), groups=2),
                conv((1, 3, 2), 4, (1, 8), (0, 0, 4, 4), groups=2),
                conv((2, 1, 2), 4, (8, 1), (4, 4, 0, 0), groups=2),
            ),
        ),
        Regression(
            "modular#6129",
            "groups whose filters make up 128",
            (conv((3, 4, 4), 128, (3, 3), one, groups=2), conv((3, 4, 4), 128, (1, 1), groups=4)),
            (
                *(conv((3, 4, 4), filters, (3, 3), one, groups=2) for filters in (126, 130)),
                *(conv((3, 4, 4), filters, (1, 1), groups=4) for filters in (124, 132)),
                conv((3, 4, 4), 128, (1, 1)),
            ),
        ),
        Regression(
            "rocm-libraries#4998",
            "Winograd with groups",
            (conv((8, 9, 8), 8, (3, 3), one, groups=2),),
            (
                conv((8, 9, 8), 8, (3, 3), one, groups=4),
                conv((8, 9, 8), 8, (3, 3), one, groups=1),
                conv((8, 9, 6), 10, (3, 3), one, groups=2),
                conv((9, 8, 8), 8, (3, 3), one, groups=2, strides=(2, 2)),
            ),
            remark="Reported for float16.",
        ),
        Regression(
            "openxla/xla#49123",
            "the last channel of a group",
            (conv((4, 5, 4), 4, (1, 1), groups=2),),
            (
                conv((4, 5, 6), 6, (1, 1), groups=2),
                conv((4, 5, 4), 6, (1, 1), groups=2),
                conv((4, 5, 8), 8, (1, 1), groups=2),
                conv((4, 5, 6), 6, (1, 1), groups=3),
                conv((4, 5, 4), 4, (1, 1)),
            ),
            remark="Reported for int8.",
        ),
    ]
