"""Transposed convolutions published with their answers, asserted before they are stored."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.drawing.operands import Operands
from golden.problem.geometry import SAME_UPPER, Geometry
from golden.problem.kinds import FILTER, OUTPUT
from golden.suites.operand_cases import operand_case
from golden.suites.published import demand
from golden.suites.transposed_array import KIND, transposed
from golden.vectors.case import Case, Check
from golden.vectors.degeneracy import KINDS

ONNX = "https://onnx.ai/onnx/operators/onnx__ConvTranspose.html"
DIVE = "Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 14.10 (Transposed Convolution)"
TENSORFLOW = "tensorflow/python/kernel_tests/nn_ops/conv2d_transpose_test.py"
PYTORCH = "https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"
AS_PUBLISHED = "the example is stored as it was published"


def published(
    slug: str,
    note: str,
    geometry: Geometry,
    given: ArrayLike,
    kernel: ArrayLike,
    answer: ArrayLike,
    source: str,
) -> Case:
    """Return a case of given operands, [batch, rows, columns, filters] and a filter, and every channel's answer."""
    operands = {
        OUTPUT: np.broadcast_to(np.asarray(given, np.float32), geometry.output).copy(),
        FILTER: np.broadcast_to(np.asarray(kernel, np.float32), geometry.filter).copy(),
    }
    return operand_case(
        KIND,
        geometry,
        slug=slug,
        note=note,
        tags=("transposed", "published"),
        allowed=dict.fromkeys(KINDS, AS_PUBLISHED),
        given=operands,
        check=answers(np.asarray(answer, np.float64)),
        source=source,
    )


def answers(wanted: NDArray[np.float64]) -> Check:
    """Return a check that every image and channel of the answer is what was published: [rows, columns]."""

    def check(_: Operands, expected: NDArray) -> None:
        same = np.broadcast_to(wanted[None, :, :, None], expected.shape)
        demand(np.array_equal(expected, same), f"{wanted.tolist()}, not {expected[0, :, :, 0].tolist()}")

    return check


def onnx() -> list[Case]:
    """List the examples of ONNX's ConvTranspose: 0 ... 8 spread by ones, and a dilated one."""
    counting, ones = np.arange(9).reshape(1, 3, 3, 1), np.ones((3, 3, 2, 1))
    across = np.array([[0, 0, 1, 1, 3, 2, 2], [3, 3, 7, 4, 9, 5, 5], [6, 6, 13, 7, 15, 8, 8]])
    spread = np.repeat(across, 3, axis=0)
    plain = [[0, 1, 3, 3, 2], [3, 8, 15, 12, 7], [9, 21, 36, 27, 15], [9, 20, 33, 24, 13], [6, 13, 21, 15, 8]]
    strided = {"channels": 2, "strides": (3, 2)}
    dilated = [[21, 56, 13, 16, 2], [63, 35, 67, 10, 14], [24, 22, 76, 76, 21], [9, 5, 88, 45, 63], [3, 2, 33, 18, 54]]
    return [
        published(
            "onnx",
            "Catches windows that do not overlap as they must, and an answer that keeps the size.",
            transposed((1, 3, 3, 1), (3, 3), 2),
            counting,
            ones,
            plain,
            ONNX,
        ),
        published(
            "onnx-output-shape",
            "Catches output padding that is put at the beginning, or holds anything but zero.",
            transposed((1, 3, 3, 1), (3, 3), **strided, left_over=(1, 1)),
            counting,
            ones,
            np.pad(spread, ((0, 1), (0, 1))),
            ONNX,
        ),
        published(
            "onnx-pads",
            "Catches pads that are added to a transposed convolution's answer, where they crop it.",
            transposed((1, 3, 3, 1), (3, 3), **strided, padding=(1, 1, 2, 2)),
            counting,
            ones,
            spread[1:8, 2:5],
            ONNX,
        ),
        published(
            "onnx-dilations",
            "Catches a dilation that is taken for a stride.",
            transposed((1, 3, 3, 1), (2, 2), 1, dilations=(2, 2)),
            np.array([[3, 8, 1], [9, 5, 7], [3, 2, 6]]).reshape(1, 3, 3, 1),
            np.array([[7, 2], [1, 9]]).reshape(2, 2, 1, 1),
            dilated,
            ONNX,
        ),
    ]


def dive() -> list[Case]:
    """List the examples of a textbook: 0 ... 3 spread by 0 ... 3."""
    counting = np.arange(4)
    given, kernel = counting.reshape(1, 2, 2, 1), counting.reshape(2, 2, 1, 1)
    found = {
        "dive": (
            transposed((1, 2, 2, 1), (2, 2), 1),
            [[0, 0, 1], [0, 4, 6], [4, 12, 9]],
            "a kernel that is flipped",
        ),
        "dive-stride": (
            transposed((1, 2, 2, 1), (2, 2), 1, (2, 2)),
            [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]],
            "a stride that steps over the given tensor, where it spreads it",
        ),
        "dive-padding": (
            transposed((1, 2, 2, 1), (2, 2), 1, padding=(1, 1, 1, 1)),
            [[4]],
            "padding that is added, where it crops",
        ),
    }
    return [
        published(slug, f"Catches {what}.", geometry, given, kernel, answer, DIVE)
        for slug, (geometry, answer, what) in found.items()
    ]


def tensorflow() -> list[Case]:
    """List the two examples of TensorFlow's own tests: ones, so that each answer counts the products in it."""
    rows, columns, strided = np.full(6, 3), np.full(4, 3), np.ones((12, 8))
    rows[[0, -1]] = columns[[0, -1]] = 2  # taps that lie inside
    for y, x in np.ndindex(strided.shape):
        inside = (y % 2 == 0 and 0 < y < 11) + (x % 2 == 0 and 0 < x < 7)
        strided[y, x] = 3 * (1, 2, 4)[inside]
    return [
        published(
            f"tensorflow-{slug}",
            "Catches SAME padding computed for the given tensor, not for the answer: ones, of which each answer counts "
            "its products.",
            transposed((2, 6, 4, 3), (3, 3), 2, strides, SAME_UPPER),
            np.ones(1),
            np.ones(1),
            answer,
            TENSORFLOW,
        )
        for slug, strides, answer in (
            ("same", (1, 1), 3.0 * np.outer(rows, columns)),
            ("same-stride-2", (2, 2), strided),
        )
    ]


def pytorch() -> list[Case]:
    """List the geometry with which PyTorch explains `output_size`, drawn: 12x12 to 6x6 and back to 12x12."""
    geometry = transposed((1, 6, 6, 16), (3, 3), 16, (2, 2), (1, 1, 1, 1), (1, 1))
    demand(geometry.input == (1, 12, 12, 16), "output_size of 12 x 12")
    demand(geometry.output == (1, 6, 6, 16), "a convolution from 12 x 12 to 6 x 6")
    note = "Catches an answer of 11x11, of which the last row and column are left out: two sizes share 6x6."
    return [operand_case(KIND, geometry, slug="pytorch", note=note, tags=("transposed", "published"), source=PYTORCH)]


def examples() -> list[Case]:
    """List all published examples."""
    return [*onnx(), *dive(), *tensorflow(), *pytorch()]
