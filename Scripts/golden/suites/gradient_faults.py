"""Gradients at the geometries of reported faults, and heavy ones as digest cases."""

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import Operands
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry
from golden.problem.kinds import BIAS_GRADIENT, FILTER_GRADIENT, FLOAT32, INPUT, INPUT_GRADIENT, OUTPUT, Kind
from golden.problem.naming import INTEGER, REAL
from golden.suites.examples import DIVE, EDGES
from golden.suites.operand_cases import operand_case
from golden.suites.published import demand
from golden.suites.regression import conv, depthwise
from golden.suites.reports import BY_ID
from golden.vectors.case import Case
from golden.vectors.degeneracy import KINDS

OF_INPUT, OF_FILTER = (INPUT_GRADIENT,), (FILTER_GRADIENT,)
# Reports, operations, what an engine does, geometries as reported, geometries next to those.
REPORTED: tuple[tuple[str, tuple[str, ...], str, tuple[Geometry, ...], tuple[Geometry, ...]], ...] = (
    (
        "pytorch#50042",
        (INPUT_GRADIENT, FILTER_GRADIENT),
        "a depthwise kernel specialised for one number of channels that is wrong for exactly that",
        (depthwise((9, 7, 24), (3, 3), (1, 1, 1, 1), strides=(2, 2)),),
        tuple(depthwise((9, 7, channels), (3, 3), (1, 1, 1, 1), strides=(2, 2)) for channels in (23, 25)),
    ),
    (
        "mlx#3800",
        OF_INPUT,
        "a gradient of the input that mixes groups where there is a stride",
        (conv((7, 9, 4), 6, (3, 3), (1, 1, 1, 1), groups=2, strides=(2, 2)),),
        (
            conv((8, 7, 6), 6, (2, 3), VALID, groups=3, strides=(1, 2)),
            conv((7, 8, 4), 8, (3, 2), SAME_UPPER, groups=4, strides=(3, 1)),
        ),
    ),
    (
        "composable_kernel#2478",
        OF_FILTER,
        "a gradient of a grouped 1x1 filter that is wrong for even channels or filters",
        (conv((5, 6, 8), 8, (1, 1), groups=2, batch=2),),
        (conv((5, 6, 6), 8, (1, 1), groups=2, batch=2), conv((5, 6, 9), 6, (1, 1), groups=3)),
    ),
    (
        "mlx#833",
        (INPUT_GRADIENT, FILTER_GRADIENT),
        "pads larger than the kernel that make a negative one of the backward pass",
        (conv((5, 6, 2), 3, (3, 3), (4, 4, 4, 4)),),
        (conv((5, 6, 2), 3, (3, 2), (4, 3, 3, 2)), conv((4, 7, 3), 2, (2, 3), (2, 2, 5, 3), strides=(1, 2))),
    ),
    (
        "fujitsu/oneDNN#43",
        OF_INPUT,
        "a row of the input's gradient that is too short for its vectors, with a stride and more than 16 channels",
        (conv((5, 16, 17), 4, (3, 3), (1, 1, 1, 1), strides=(1, 2)),),
        (
            conv((5, 17, 17), 4, (3, 3), (1, 1, 1, 1), strides=(1, 2)),
            conv((4, 15, 32), 3, (1, 3), strides=(1, 3)),
            conv((4, 16, 16), 3, (3, 3), (1, 1, 1, 1), strides=(1, 2)),
        ),
    ),
    (
        "oneDNN#6035",
        OF_FILTER,
        "a gradient of a 1x1 filter with stride 2 that reads the pixels between, for fewer channels than a block",
        (conv((8, 10, 5), 6, (1, 1), strides=(2, 2)),),
        (conv((7, 9, 15), 3, (1, 1), strides=(2, 2)), conv((8, 9, 3), 17, (1, 1), batch=2, strides=(1, 2))),
    ),
)


def reported() -> list[Case]:
    """List the gradients that were reported to be wrong, and their neighbours."""
    found = []
    for report, operations, fault, triggers, neighbours in REPORTED:
        slug = report.replace("#", "-").replace("/", "-")
        for operation in operations:
            for geometry in (*triggers, *neighbours):
                tag = "trigger" if geometry in triggers else "neighbour"
                where = "as reported" if geometry in triggers else "next to what was reported"
                tags = ("regression", f"fault-{BY_ID[report].group}", tag)
                note = f"Catches {fault}: {where}."
                found.append(
                    operand_case(
                        Kind.floating(operation, FLOAT32), geometry, INTEGER, slug, note, tags=tags, source=report
                    )
                )
    return found


def learning() -> list[Case]:
    """List the step with which gradient descent learns the edge filter [1, -1] from an image and its edges."""
    geometry = Geometry((1, 6, 8, 1), (1, 2, 1, 1))
    rows = EDGES.astype(np.float32)
    given = {INPUT: rows.reshape(geometry.input), OUTPUT: (rows[:, :-1] - rows[:, 1:]).reshape(geometry.output)}

    def check(_: Operands, expected: NDArray) -> None:
        demand(expected.reshape(-1).tolist() == [6, -6], "the first step from [0, 0] leads towards [1, -1]")

    return [
        operand_case(
            Kind.floating(FILTER_GRADIENT, FLOAT32),
            geometry,
            INTEGER,
            "learn-edges",
            "Catches a gradient of the filter that is mirrored, or shifted by a tap: it has to lead to [1, -1].",
            tags=("published",),
            allowed=dict.fromkeys(KINDS, "the example is stored as it was published"),
            given=given,
            check=check,
            source=DIVE,
        )
    ]


def shared_sizes() -> list[Case]:
    """List inputs of neighbouring sizes that share one size of the output, and dilated backward passes."""
    note = (
        "Catches a gradient of the wrong size, or a last row that is not zero: a height that shares the output's size."
    )
    sizes = [
        Geometry((1, height, width, 2), (3, 2, 2, 3), (3, 2), padding=padding)
        for padding in (VALID, SAME_UPPER)
        for height, width in ((7, 8), (8, 9), (9, 8))
    ]
    dilated = "Catches a dilation that a backward pass takes for a stride, or leaves out."
    both = (
        Geometry((2, 9, 10, 3), (3, 3, 3, 4), (1, 1), (2, 3)),
        Geometry((1, 10, 9, 4), (2, 3, 2, 4), (2, 1), (3, 2), SAME_LOWER, groups=2),
        Geometry((1, 9, 11, 2), (3, 2, 2, 5), (2, 3), (2, 4), EXPLICIT, (2, 1, 0, 3)),
    )
    return [
        *(operand_case(Kind.floating(INPUT_GRADIENT, FLOAT32), g, INTEGER, "shared-size", note) for g in sizes),
        *(
            operand_case(Kind.floating(operation, FLOAT32), g, data, "dilated", dilated)
            for g in both
            for operation, data in ((INPUT_GRADIENT, REAL), (FILTER_GRADIENT, INTEGER))
        ),
    ]


def heavy() -> list[Case]:
    """List digest cases: gradients of filters and biases with up to 100,000 products to an element, and of layers."""
    many = "Catches partial sums over batch and image that are lost, or kept too short: {} products to an element."
    geometries = (
        Geometry((7, 122, 121, 3), (3, 2, 3, 4)),
        Geometry((1, 257, 258, 2), (2, 3, 2, 3)),
        Geometry((100, 33, 31, 2), (3, 3, 2, 3), padding=SAME_UPPER),
        Geometry((33, 31, 65, 4), (3, 3, 2, 4), (2, 2), padding=SAME_LOWER, groups=2),
        Geometry((2, 129, 131, 9), (3, 3, 1, 9), padding=SAME_UPPER, groups=9),
        Geometry((16, 28, 30, 17), (1, 1, 17, 33)),
    )
    found = []
    for geometry in geometries:
        kind = Kind.floating(FILTER_GRADIENT, FLOAT32)
        note = many.format(kind.products(geometry))
        found += [
            operand_case(kind, geometry, data, "heavy", note, is_digest=True, tags=("heavy",))
            for data in (INTEGER, REAL)
        ]
    summed = Geometry((5, 141, 142, 1), (1, 1, 1, 6))
    kind = Kind.floating(BIAS_GRADIENT, FLOAT32)
    note = many.format(kind.products(summed))
    found += [
        operand_case(kind, summed, data, "heavy", note, is_digest=True, tags=("heavy",)) for data in (INTEGER, REAL)
    ]
    of_input = (
        Geometry((2, 57, 59, 16), (3, 3, 16, 32), (2, 2), padding=SAME_UPPER),
        Geometry((1, 41, 43, 64), (3, 3, 64, 65)),
        Geometry((3, 64, 63, 24), (3, 3, 1, 24), (2, 2), padding=SAME_UPPER, groups=24),
    )
    note = "Catches tiles and blocks of an input's gradient that overlap wrongly: a layer's size."
    kind = Kind.floating(INPUT_GRADIENT, FLOAT32)
    return found + [
        operand_case(kind, geometry, data, "heavy", note, is_digest=True, tags=("heavy",))
        for geometry in of_input
        for data in (INTEGER, REAL)
    ]
