"""Suite `examples`: answers published with tf.nn.conv2d and its kin, asserted here before they are stored."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.drawing.families import Tensors
from golden.problem.geometry import EXPLICIT, SAME_UPPER, VALID, Geometry
from golden.suites import views
from golden.suites.published import ROWS, STACK_OVERFLOW, demand, prove_rows
from golden.suites.suite import Suite
from golden.vectors.case import Case, Check
from golden.vectors.degeneracy import BIAS_ALONE, MOSTLY_ZERO, SYMMETRIC_FILTER

DIVE = "Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 7.2 (Convolutions for Images)"
AS_PUBLISHED = "the example is stored as it was published"

EDGES = np.array([[1, 1, 0, 0, 0, 0, 1, 1]] * 6)
COUNTING = np.arange(1, 17).reshape(4, 4)
PREWITT = [[1, 0, -1]] * 3


def answers(published: ArrayLike, decimals: int | None = None) -> Check:
    """Return a check that the one map of the output, in float32, is what was printed, exactly or to `decimals`."""
    wanted = np.array(published, np.float64)

    def check(_: Tensors, expected: NDArray) -> None:
        printed = expected[0, :, :, 0].astype(np.float32).astype(np.float64)
        got = printed if decimals is None else np.round(printed, decimals)
        demand(np.array_equal(got, wanted), f"{wanted.tolist()}, not {got.tolist()}")

    return check


def plain(
    name: str,
    note: str,
    image: ArrayLike,
    kernel: ArrayLike,
    check: Check,
    padding: str = VALID,
    allowed: tuple[str, ...] = (),
    **rest: str,
) -> Case:
    """Return a case of one image, one channel and one filter, all of it given."""
    x = np.array(image, np.float32)[None, :, :, None]
    w = np.array(kernel, np.float32)[:, :, None, None]
    geometry = Geometry(x.shape, w.shape, padding=padding)
    reasons = dict.fromkeys(allowed, AS_PUBLISHED)
    return Case(name, geometry, note, tags=("published",), allowed=reasons, given=(x, w, None), check=check, **rest)


def values() -> list[Case]:
    """List the examples whose values were published."""
    counting, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    forwards, flipped = [[19, 25], [37, 43]], [[5, 11], [23, 29]]
    return [
        plain(
            "tensorflow-1x1-same-real",
            "Catches values printed by TensorFlow that an engine does not reproduce in all eight decimals.",
            [[1.60314465, -0.55022103], [0.00595062, -0.69889867]],
            [[-0.59594476]],
            answers([[-0.95538563, 0.32790133], [-0.00354624, 0.41650501]], decimals=8),
            SAME_UPPER,
            data="real",
            source=STACK_OVERFLOW,
        ),
        plain(
            "sliding-3x3-valid-int",
            "Catches a flipped or transposed kernel.",
            [[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]],
            [[1, 0, 1], [2, 1, 0], [0, 0, 1]],
            answers([[14, 6], [6, 12]]),
            source=STACK_OVERFLOW,
        ),
        plain(
            "cross-correlation-2x2-valid-int",
            "Catches strict convolution where cross-correlation is meant: that would answer 5 11 23 29.",
            counting,
            kernel,
            answers(forwards),
            source=DIVE,
        ),
        plain(
            "strict-convolution-2x2-valid-int",
            "Strict convolution, as cross-correlation with the filter flipped in both axes; catches an engine that "
            "flips it back, which would answer 19 25 37 43.",
            counting,
            kernel[::-1, ::-1],
            answers(flipped),
            source=DIVE,
        ),
        plain(
            "vertical-edges-valid-int",
            "Catches a filter that is shifted or mirrored: edges have a place and a sign.",
            EDGES,
            [[1, -1]],
            answers([[0, 1, 0, 0, 0, -1, 0]] * 6),
            allowed=(MOSTLY_ZERO,),
            source=DIVE,
        ),
        plain(
            "vertical-edges-transposed-valid-int",
            "Catches rows taken for columns: the filter sees no edge in the transposed image.",
            EDGES.T,
            [[1, -1]],
            answers(np.zeros((8, 5))),
            allowed=(MOSTLY_ZERO, BIAS_ALONE),
            source=DIVE,
        ),
        plain(
            "gradient-3x3-same-int",
            "Catches a wrong value in the pad: a border column sees one side of the gradient only.",
            COUNTING,
            PREWITT,
            answers([[-8, -4, -4, 10], [-18, -6, -6, 21], [-30, -6, -6, 33], [-24, -4, -4, 26]]),
            SAME_UPPER,
            allowed=(SYMMETRIC_FILTER,),
        ),
        plain(
            "gradient-3x3-valid-int",
            "Catches padding where there is none: the gradient of a plane is the same everywhere.",
            COUNTING,
            PREWITT,
            answers([[-6, -6], [-6, -6]]),
            allowed=(SYMMETRIC_FILTER,),
        ),
    ]


def layers() -> list[Case]:
    """List the examples that are drawn: a layer with a bias, and two other views of the same operation."""
    geometry = Geometry((2, 5, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER, bias=True)
    whole = Geometry((1, 6, 5, 3), (6, 5, 3, 2), padding=EXPLICIT, explicit_pads=(5, 5, 4, 4))
    matrix = Geometry((3, 6, 7, 4), (2, 3, 4, 5), strides=(2, 1))
    tall = Geometry((2, 10, 4, 3), (4, 1, 3, 2), padding=SAME_UPPER)
    tags = ("published",)
    return [
        Case(
            "layer-with-bias-int",
            geometry,
            "A layer: cross-correlation plus a bias for each filter; catches a bias that is left out, added twice, or "
            "added to another axis.",
            tags=tags,
            check=views.check_layer,
        ),
        Case(
            "fourier-view-int",
            whole,
            "A filter as large as the image at every shift: one product in the frequency domain, summed over channels; "
            "catches a kernel that does not fit a tile.",
            tags=tags,
            check=views.check_fourier,
        ),
        Case(
            "matrix-view-int",
            matrix,
            "The filter flattened to [kh * kw * cin, cout], times patches [n, oh, ow, kh * kw * cin]; catches patches "
            "gathered in another order than the filter.",
            tags=tags,
            source="https://www.tensorflow.org/api_docs/python/tf/nn/conv2d",
            check=views.check_matrix,
        ),
        Case(
            "tall-4x1-same-int",
            tall,
            "Catches the odd pad of an even kernel at the beginning: SAME_UPPER puts one before and two behind.",
            tags=tags,
        ),
    ]


def cases() -> list[Case]:
    """List all examples."""
    return [*values(), *layers(), *(row.case() for row in ROWS if row.is_stored)]


def coverage(_: list[Case]) -> list[str]:
    """Prove the published geometries, and that the edge detector can be learnt from its own output."""
    prove_rows()
    steps = views.prove_learning(EDGES)
    stored = sum(row.is_stored for row in ROWS)
    return [
        f"{len(values())} published answers are asserted value by value.",
        f"{len(ROWS)} published layers are checked for output shape, {stored} of them stored as cases.",
        "The layer is checked with ReLU, the Fourier view by FFT, the matrix view by one product of matrices.",
        f"Gradient descent on the squared error learns the filter of `vertical-edges` in {steps} steps.",
    ]


SUITE = Suite(
    name="examples",
    title="Published examples",
    description=(
        "Worked examples from the literature on tf.nn.conv2d and its kin. Each published answer was asserted when the "
        "file was made, so that a conforming engine agrees with what people have read."
    ),
    cases=cases,
    coverage=coverage,
)
