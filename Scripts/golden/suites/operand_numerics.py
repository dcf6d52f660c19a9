"""Real data that shows how an engine multiplies and adds, in any operation and floating type."""

from dataclasses import dataclass

from golden.drawing.operand_distributions import (
    draw_binades_operands,
    draw_cancelling_operands,
    draw_negative_operands,
    draw_positive_operands,
)
from golden.drawing.operands import OperandDraw, draw_real_operands
from golden.problem.geometry import Geometry
from golden.problem.kinds import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, Kind
from golden.problem.naming import REAL
from golden.suites.operand_cases import operand_case
from golden.vectors.case import Case


@dataclass(frozen=True)
class Distribution:
    """One way to draw real data, and what it catches; cancelling data wants more than one number to a sum's axis."""

    name: str
    draw: OperandDraw
    note: str
    cancels: bool = False


DISTRIBUTIONS = (
    Distribution(
        "mixed",
        draw_real_operands,
        "Mixed signs, full significands: catches operands cut to a shorter format, and short accumulators.",
    ),
    Distribution("positive", draw_positive_operands, "One sign: catches accumulators that stop growing."),
    Distribution("negative", draw_negative_operands, "Every product negative: catches truncation towards zero."),
    Distribution(
        "cancelling",
        draw_cancelling_operands,
        "The second half of what is summed nearly cancels the first: catches partial sums kept in a shorter format.",
        cancels=True,
    ),
    Distribution(
        "binades",
        draw_binades_operands,
        "Magnitudes over many binades: catches fixed-point arithmetic, and scaling by the largest value.",
    ),
)
# Few answers of few to thousands of products each.
GEOMETRIES = {
    FORWARD: (
        Geometry((1, 3, 5, 4), (2, 3, 4, 3), bias=True),
        Geometry((1, 4, 6, 24), (3, 3, 24, 3)),
        Geometry((1, 2, 3, 512), (1, 1, 512, 2), bias=True),
        Geometry((1, 4, 5, 128), (3, 3, 128, 2)),
    ),
    INPUT_GRADIENT: (
        Geometry((1, 4, 5, 3), (2, 3, 3, 4), bias=True),
        Geometry((1, 5, 6, 2), (3, 3, 2, 48), (2, 1)),
        Geometry((1, 3, 4, 2), (3, 3, 2, 192)),
    ),
    FILTER_GRADIENT: (
        Geometry((2, 4, 5, 2), (2, 2, 2, 3)),
        Geometry((4, 9, 12, 2), (2, 3, 2, 2)),
        Geometry((8, 17, 18, 1), (2, 1, 1, 2)),
    ),
}


def numerics(of_all: str, operations: tuple[str, ...] = (FORWARD, INPUT_GRADIENT, FILTER_GRADIENT)) -> list[Case]:
    """List every distribution for every geometry of some operations, in one floating type."""
    return [
        operand_case(
            Kind.floating(operation, of_all),
            geometry,
            REAL,
            distribution.name,
            distribution.note,
            tags=("numerics", distribution.name),
            draw=distribution.draw,
        )
        for operation in operations
        for geometry in GEOMETRIES[operation]
        for distribution in DISTRIBUTIONS
        if not (distribution.cancels and (geometry.bias or (geometry.input[0] == 1 and operation == FILTER_GRADIENT)))
    ]
