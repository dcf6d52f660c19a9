"""Reported faults of tails and tiles, of limits, and of memory, for the suite `regressions`."""

import numpy as np

from golden.problem.geometry import SAME_UPPER
from golden.suites.regression import Regression, conv, depthwise
from golden.vectors.degeneracy import (
    CONSTANT_FILTER,
    EQUAL_BATCHES,
    EQUAL_CHANNELS,
    EQUAL_FILTERS,
    SYMMETRIC_FILTER,
)


def faults() -> list[Regression]:
    """List all of them."""
    return [*tails(), *kernels(), *winograd(), *limits(), *memory()]


def tails() -> list[Regression]:
    """List faults of channels that a block or vector does not divide."""
    return [
        Regression(
            "pytorch#21597",
            "6 channels, while 8, 12 and 16 are right",
            (conv((5, 7, 6), 4, (3, 3)),),
            tuple(conv((5, 7, channels), 4, (3, 3)) for channels in (4, 5, 7, 8, 12, 16)),
        ),
        Regression(
            "burn#5626",
            "1x1 with an odd number of stages along the channels",
            tuple(conv((3, 4, channels), 3, (1, 1)) for channels in (104, 440)),
            tuple(conv((3, 4, channels), 3, (1, 1)) for channels in (96, 103, 105, 112, 432, 439, 441, 448)),
        ),
        Regression(
            "cubek#519",
            "1x1 with 96 channels and 32768 pixels or more",
            (conv((128, 256, 96), 4, (1, 1)),),
            (conv((151, 217, 96), 4, (1, 1)), conv((99, 331, 96), 4, (1, 1)), conv((128, 256, 24), 4, (1, 1))),
            remark="Reported for float16.",
        ),
        Regression(
            "ncnn#1384",
            "1x1 with channels packed by 4",
            (conv((14, 14, 64), 8, (1, 1)),),
            (
                *(conv((14, 14, channels), 8, (1, 1)) for channels in (63, 65)),
                conv((13, 14, 64), 8, (1, 1)),
                conv((3, 5, 64), 8, (1, 1)),
                conv((3, 5, 64), 7, (1, 1)),
            ),
        ),
        Regression(
            "onnxruntime#27749",
            "a transposition of 5 or 7 channels",
            tuple(conv((4, 6, channels), 3, (3, 3), SAME_UPPER) for channels in (5, 7)),
            (
                *(conv((4, 6, channels), 3, (3, 3), SAME_UPPER) for channels in (4, 6, 8, 9)),
                *(conv((4, 6, 3), filters, (3, 3), SAME_UPPER) for filters in (5, 7, 8)),
                conv((4, 6, 5), 7, (1, 1)),
            ),
            remark="Met where NHWC is transposed to NCHW.",
        ),
        Regression(
            "mace#345",
            "channels filled up to a multiple of 4 with what is not zero",
            tuple(conv((4, 5, channels), 3, (3, 3), SAME_UPPER) for channels in (1, 2, 3, 5, 6, 7)),
            (
                *(conv((4, 5, channels), 3, (3, 3), SAME_UPPER) for channels in (4, 8, 9)),
                depthwise((4, 5, 5), (3, 3)),
                conv((4, 5, 6), 4, (1, 1), groups=2),
            ),
        ),
    ]


def kernels() -> list[Regression]:
    """List faults of large, uneven and tight kernels."""
    ones = (np.ones((1, 2, 2, 1), np.float32), np.ones((2, 2, 1, 1), np.float32), None)
    tight = conv((2, 2, 1), 1, (2, 2))
    return [
        Regression(
            "ggml#274",
            "a row of the gathered patches that 32 does not divide",
            (conv((28, 42, 3), 2, (14, 14), strides=(14, 14)),),
            (
                *(conv((28, 42, 3), 2, (size, size), strides=(14, 14)) for size in (13, 15)),
                conv((32, 48, 3), 2, (16, 16), strides=(16, 16)),
                conv((28, 42, 1), 2, (14, 14), strides=(14, 14)),
                conv((16, 17, 1), 3, (4, 8), strides=(4, 8)),
            ),
        ),
        Regression(
            "mlx#2504",
            "a kernel larger than the image, which its pads alone let in",
            (conv((181, 181, 1), 2, (182, 182), (1, 1, 1, 1)),),
            (
                conv((181, 181, 1), 2, (181, 181), (1, 1, 1, 1)),
                conv((181, 180, 1), 2, (183, 182), (1, 1, 1, 1)),
                conv((11, 11, 1), 2, (12, 12), (1, 1, 1, 1)),
                conv((11, 10, 3), 2, (13, 12), (1, 1, 1, 1)),
            ),
        ),
        Regression(
            "llama.cpp#14789",
            "kernel width and height swapped",
            (conv((6, 8, 3), 2, (3, 5)), conv((8, 6, 3), 2, (5, 3))),
            (conv((8, 8, 2), 3, (1, 7)), conv((8, 8, 2), 3, (7, 1)), conv((6, 8, 3), 2, (2, 3), SAME_UPPER)),
        ),
        Regression(
            "pytorch#163347",
            "a sum of ones that is 1",
            (tight,),
            (conv((2, 2, 2), 3, (2, 2)), conv((2, 3, 1), 2, (2, 2)), conv((3, 3, 1), 2, (3, 3))),
            thin=dict.fromkeys((CONSTANT_FILTER, SYMMETRIC_FILTER), "the example is as it was reported"),
            given={tight: ones},
            remark="Reported for bfloat16.",
        ),
    ]


def winograd() -> list[Regression]:
    """List faults of the choice of Winograd, and of its tiles."""
    one = (1, 1, 1, 1)
    return [
        Regression(
            "TNN#394",
            "more than 4 of 8 tiles of 4x4 left over",
            (conv((110, 94, 32), 2, (3, 3)),),
            (
                conv((106, 98, 32), 2, (3, 3)),
                *(conv((6, 4 * tiles + 2, 3), 2, (3, 3)) for tiles in (4, 5, 6, 7, 8, 9)),
                conv((7, 23, 3), 2, (3, 3)),
            ),
        ),
        Regression(
            "tvm#7090",
            "height and width swapped in Winograd's tiles",
            (conv((7, 12, 4), 4, (3, 3), one),),
            (conv((12, 7, 4), 4, (3, 3), one), conv((8, 16, 3), 5, (3, 3), one), conv((5, 13, 3), 5, (3, 3))),
        ),
        Regression(
            "tvm#4260",
            "Winograd chosen with a stride or pad that it takes for 1",
            (conv((8, 9, 4), 4, (3, 3), one, strides=(2, 2)), conv((8, 9, 4), 4, (3, 3), (0, 0, 0, 0))),
            (
                conv((8, 9, 4), 4, (3, 3), (2, 2, 2, 2)),
                conv((8, 9, 4), 4, (3, 3), one, strides=(1, 2)),
                conv((8, 9, 4), 4, (3, 3), one, strides=(2, 1)),
                conv((8, 9, 4), 4, (3, 3), one, dilations=(1, 2)),
            ),
        ),
    ]


def limits() -> list[Regression]:
    """List faults of sizes beyond 16 bits, and of grids that do not cover the output."""
    many = "so many small ones cannot all differ"
    return [
        Regression(
            "tensorflow#9870",
            "images beyond the 65535th left at zero",
            (conv((2, 3, 1), 2, (2, 2), batch=65536),),
            (
                *(conv((2, 3, 1), 2, (2, 2), batch=batch) for batch in (65535, 65537)),
                depthwise((3, 2, 3), (2, 2), batch=65537),
            ),
            thin={EQUAL_BATCHES: many},
        ),
        Regression(
            "pytorch#129207",
            "filters beyond the 65536th",
            (conv((2, 3, 2), 65537, (1, 1)),),
            tuple(conv((2, 3, 2), filters, (1, 1)) for filters in (65535, 65536)),
            thin={EQUAL_FILTERS: many, CONSTANT_FILTER: many},
        ),
        Regression(
            "mlx#3893",
            "65,536 output positions or more",
            (conv((256, 256, 2), 2, (3, 3), SAME_UPPER),),
            (
                conv((255, 257, 2), 2, (3, 3), SAME_UPPER),
                conv((1, 65537, 2), 2, (1, 3), SAME_UPPER),
                conv((65536, 1, 2), 2, (1, 1)),
            ),
        ),
        Regression(
            "rocm-libraries#10198",
            "an output of which a small part is written",
            (conv((1, 1, 65), 4, (1, 1), batch=262144),),
            (conv((1, 1, 65), 4, (1, 1), batch=4096), conv((1, 1, 3), 4, (1, 1), batch=262144)),
            thin={EQUAL_BATCHES: many, EQUAL_CHANNELS: many},
        ),
    ]


def memory() -> list[Regression]:
    """List faults of memory that is not initialised, or differs from run to run."""
    return [
        Regression(
            "ComputeLibrary#395",
            "output under wide pads that is not initialised",
            (conv((4, 5, 2), 2, (3, 3), (100, 100, 100, 100)),),
            (
                conv((4, 5, 2), 2, (3, 3), (10, 10, 10, 10)),
                conv((4, 5, 2), 2, (3, 3), (100, 0, 0, 0)),
                conv((4, 5, 2), 2, (1, 1), (0, 0, 0, 50)),
            ),
        ),
        Regression(
            "mlx#1882",
            "a result that differs from one run to the next",
            (conv((3, 3, 320), 4, (3, 3), SAME_UPPER),),
            (
                *(conv((3, 3, channels), 4, (3, 3), SAME_UPPER) for channels in (319, 321)),
                conv((3, 3, 320), 4, (1, 1)),
                conv((3, 4, 320), 2, (2, 2)),
            ),
        ),
    ]
