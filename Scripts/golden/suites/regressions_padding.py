"""Reported faults of padding and dilation, for the suite `regressions`."""

from golden.problem.geometry import SAME_LOWER, SAME_UPPER, VALID
from golden.suites.regression import Regression, conv, depthwise


def faults() -> list[Regression]:
    """List all of them."""
    return [*padding(), *same_padding(), *dilation()]


def padding() -> list[Regression]:
    """List faults of explicit pads."""
    one = (1, 1, 1, 1)
    return [
        Regression(
            "mlx#2038",
            "the pad at the end taken from the one at the beginning",
            (conv((5, 6, 2), 3, (3, 3), (1, 2, 0, 1)),),
            (
                conv((5, 6, 2), 3, (3, 3), (2, 1, 1, 0)),
                conv((5, 6, 2), 3, (2, 3), (0, 1, 0, 2), strides=(2, 1)),
                conv((5, 6, 2), 3, (3, 3), (1, 1, 0, 0)),
            ),
        ),
        Regression(
            "coremltools#2515",
            "the last element of several channels, at the end of the image",
            (conv((5, 5, 3), 4, (3, 2), one, strides=(2, 2)),),
            (
                *(conv((5, 5, channels), 4, (3, 2), one, strides=(2, 2)) for channels in (1, 2, 4)),
                conv((5, 6, 3), 4, (3, 2), one, strides=(2, 2)),
                conv((6, 5, 3), 4, (3, 2), one, strides=(2, 2)),
                conv((5, 5, 3), 4, (2, 3), one, strides=(2, 2)),
                conv((5, 5, 3), 4, (3, 2), one),
            ),
        ),
        Regression(
            "oneDNN#5080",
            "boundary columns where left and right pad differ",
            (conv((5, 8, 4), 4, (3, 3), (0, 0, 1, 2)),),
            (
                *(
                    conv((5, 8, 4), 4, (3, 3), pads)
                    for pads in ((0, 0, 2, 1), (0, 0, 1, 1), (0, 0, 2, 2), (1, 2, 0, 0))
                ),
                conv((5, 8, 3), 5, (3, 3), (0, 0, 1, 2)),
            ),
            remark="Reported for int8 in NHWC.",
        ),
        Regression(
            "XNNPACK#958",
            "a separate pad at the ends fused into the convolution on all sides",
            (conv((8, 6, 3), 4, (3, 3), (0, 1, 0, 1), strides=(2, 2)),),
            (
                conv((8, 6, 3), 4, (3, 3), (1, 0, 1, 0), strides=(2, 2)),
                conv((8, 6, 3), 4, (3, 3), one, strides=(2, 2)),
                conv((7, 5, 3), 4, (3, 3), (0, 1, 0, 1)),
                depthwise((8, 6, 4), (3, 3), (0, 1, 0, 1), strides=(2, 2)),
            ),
        ),
        Regression(
            "onnxruntime#26215",
            "pads at the ends only, under an even kernel",
            (conv((5, 6, 2), 3, (2, 2), (0, 1, 0, 1)),),
            (
                conv((5, 6, 2), 3, (2, 2), (1, 0, 1, 0)),
                conv((5, 6, 2), 3, (2, 2), (0, 0, 1, 1)),
                conv((5, 6, 2), 3, (2, 2), (1, 1, 0, 0)),
                conv((5, 6, 2), 3, (3, 2), (0, 1, 0, 1)),
            ),
        ),
        Regression(
            "openvino#33681",
            "Winograd chosen although there is a pad",
            (conv((10, 9, 4), 4, (3, 3), one),),
            (
                *(conv((10, 9, 4), 4, (3, 3), pads) for pads in ((0, 0, 0, 0), (2, 2, 2, 2), (1, 0, 0, 1))),
                conv((8, 9, 3), 5, (3, 3), one),
            ),
        ),
        Regression(
            "FBGEMM#395",
            "a depthwise convolution on an image smaller than its pad",
            (depthwise((1, 5, 8), (5, 5), (2, 2, 2, 2)), depthwise((5, 1, 8), (5, 5), (2, 2, 2, 2))),
            (
                depthwise((1, 2, 8), (5, 5), (2, 2, 2, 2)),
                depthwise((2, 5, 8), (5, 5), (2, 2, 2, 2)),
                depthwise((5, 3, 8), (5, 5), (2, 2, 2, 2)),
                depthwise((1, 5, 9), (3, 3), (1, 1, 1, 1)),
                conv((1, 5, 3), 4, (5, 5), (2, 2, 2, 2)),
            ),
        ),
        Regression(
            "XNNPACK#10453",
            "an output wider than what fits, next to a kernel that does not",
            (),
            (conv((5, 4, 3), 4, (3, 4)), conv((5, 4, 3), 4, (3, 3)), conv((5, 3, 3), 4, (3, 4), (0, 0, 0, 1))),
            remark="The kernel that does not fit is in the suite `invalid`.",
        ),
        Regression(
            "tinygrad#14294",
            "pads swapped between the axes of an image that is not square",
            (conv((11, 28, 2), 3, (3, 3), one),),
            (
                conv((28, 11, 2), 3, (3, 3), one),
                conv((12, 28, 2), 3, (3, 3), one),
                conv((11, 27, 2), 3, (3, 3), one),
                conv((11, 28, 2), 3, (3, 3), (0, 0, 1, 1)),
            ),
        ),
    ]


def same_padding() -> list[Regression]:
    """List faults of SAME padding."""
    two = {"strides": (2, 2)}
    return [
        Regression(
            "onnxruntime#26734",
            "SAME_UPPER padding computed as if the stride were 1",
            (conv((6, 7, 2), 3, (3, 3), SAME_UPPER, **two),),
            (
                *(conv((6, 7, 2), 3, kernel, SAME_UPPER, **two) for kernel in ((2, 2), (4, 4), (5, 5))),
                conv((7, 6, 2), 3, (3, 3), SAME_LOWER, **two),
                conv((6, 7, 2), 3, (3, 3), SAME_UPPER, strides=(3, 2)),
            ),
        ),
        Regression(
            "root#21793",
            "SAME padding taken for half the kernel, and upper for lower",
            (conv((5, 6, 2), 3, (4, 4), SAME_UPPER), conv((5, 6, 2), 3, (4, 4), SAME_LOWER)),
            (
                conv((5, 6, 2), 3, (2, 2), SAME_UPPER),
                conv((5, 6, 2), 3, (2, 2), SAME_LOWER),
                conv((5, 6, 2), 3, (3, 5), SAME_LOWER),
                conv((6, 5, 2), 3, (4, 2), SAME_UPPER, **two),
                conv((6, 5, 2), 3, (4, 2), SAME_LOWER, **two),
            ),
        ),
        Regression(
            "tensorflow#1991",
            "SAME padding below zero, or a pixel between the strides: 1x1 with a stride",
            (conv((4, 4, 2), 3, (1, 1), SAME_UPPER, **two),),
            (
                conv((5, 4, 2), 3, (1, 1), SAME_UPPER, **two),
                conv((3, 4, 2), 3, (1, 1), SAME_LOWER, **two),
                conv((4, 4, 2), 3, (1, 1), SAME_UPPER, strides=(3, 3)),
                conv((4, 4, 2), 3, (1, 1), VALID, **two),
                conv((4, 4, 2), 3, (2, 2), SAME_UPPER, strides=(3, 3)),
            ),
        ),
        Regression(
            "tensorflow#17654",
            "SAME padding of a single pixel, which is symmetric, taken for that of 2x2, which is not, or the other way "
            "round",
            (conv((1, 1, 3), 4, (3, 3), SAME_UPPER, **two), conv((2, 2, 3), 4, (3, 3), SAME_UPPER, **two)),
            (
                conv((1, 2, 3), 4, (3, 3), SAME_UPPER, **two),
                conv((3, 3, 3), 4, (3, 3), SAME_UPPER, **two),
                conv((2, 2, 3), 4, (3, 3), SAME_LOWER, **two),
                conv((4, 4, 3), 4, (3, 3), SAME_UPPER, **two),
            ),
        ),
        Regression(
            "burn#2676",
            "SAME padding of an even kernel, which cannot be the same at both ends",
            (conv((5, 6, 2), 3, (2, 2), SAME_UPPER), conv((5, 6, 2), 3, (4, 4), SAME_UPPER)),
            (
                conv((5, 6, 2), 3, (2, 3), SAME_UPPER),
                conv((5, 6, 2), 3, (3, 2), SAME_LOWER),
                conv((5, 6, 2), 3, (6, 4), SAME_UPPER),
                conv((5, 6, 2), 3, (2, 4), SAME_UPPER, dilations=(3, 1)),
            ),
        ),
    ]


def dilation() -> list[Regression]:
    """List faults of dilated kernels."""
    double, four = {"dilations": (2, 2)}, {"dilations": (4, 4)}
    return [
        Regression(
            "tensorflow#56498, tensorflow#19992",
            "the dilation of a depthwise convolution ignored",
            (depthwise((7, 8, 4), (3, 3), **double),),
            (
                depthwise((7, 8, 3), (3, 3), dilations=(3, 1)),
                depthwise((7, 8, 4), (3, 3), dilations=(1, 2)),
                depthwise((7, 8, 4), (3, 3)),
                conv((7, 8, 4), 8, (3, 3), SAME_UPPER, groups=4, **double),
            ),
        ),
        Regression(
            "ncnn#315",
            "a dilated depthwise convolution that adds nothing to its bias",
            (depthwise((7, 8, 8), (3, 3), VALID, bias=True, **double),),
            (
                depthwise((7, 8, 7), (3, 3), VALID, bias=True, **double),
                depthwise((7, 8, 8), (3, 3), (2, 2, 2, 2), **double),
                depthwise((9, 8, 8), (3, 3), VALID, bias=True, dilations=(3, 2)),
            ),
        ),
        Regression(
            "tflite-micro#1646, tflite-micro#2319",
            "a pad filled with the wrong value under a dilated kernel",
            (conv((6, 7, 3), 4, (3, 3), SAME_UPPER, **double),),
            (
                conv((6, 7, 3), 4, (3, 3), SAME_UPPER, dilations=(2, 3)),
                conv((6, 7, 3), 4, (3, 3), SAME_UPPER, bias=True, **four),
                conv((6, 7, 3), 4, (3, 3), (2, 3, 1, 4), **double),
                depthwise((6, 7, 3), (3, 3), bias=True, **double),
            ),
        ),
        Regression(
            "armnn#133",
            "a dilation that falls back to 1",
            (conv((10, 11, 2), 3, (3, 3), **double), conv((10, 11, 2), 3, (3, 3), **four)),
            (
                conv((10, 11, 2), 3, (3, 3), dilations=(3, 3)),
                conv((10, 11, 2), 3, (3, 3), dilations=(4, 2)),
                conv((12, 11, 2), 3, (3, 3), dilations=(5, 4)),
                conv((10, 11, 2), 3, (3, 3), SAME_UPPER, **four),
            ),
        ),
        Regression(
            "pytorch#53178",
            "a dilated kernel with many filters",
            (conv((9, 10, 2), 512, (5, 5), (4, 4, 4, 4), **double),),
            (
                *(conv((9, 10, 2), filters, (5, 5), (4, 4, 4, 4), **double) for filters in (8, 511, 513)),
                conv((9, 10, 1), 16, (5, 5), (4, 4, 4, 4), **double),
                conv((9, 10, 2), 16, (5, 5), (3, 4, 4, 5), **double),
            ),
        ),
    ]
