"""The edge of what each operation is: empty tensors, kernels that fit once, what must be refused."""

from collections.abc import Callable
from dataclasses import replace

from golden.drawing.operands import STREAMS, Operands, draw_integer_operands, whole_numbers
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import (
    BIAS,
    BIAS_GRADIENT,
    FACTORS,
    FILTER_GRADIENT,
    INPUT_GRADIENT,
    OUTPUT,
    STORED,
    TAKES_BIAS,
    Kind,
    shape_of,
)
from golden.problem.naming import INTEGER
from golden.problem.objections import only_kernel_too_large
from golden.suites.operand_cases import operand_case
from golden.vectors.case import REJECTION, REJECTION_OR_EMPTY, Case
from golden.vectors.degeneracy import BIAS_ALONE, KINDS

NO_PRODUCTS = "there is nothing to sum"


def edges(of_all: str, operations: tuple[str, ...]) -> list[Case]:
    """List degenerate problems of some operations in a floating type."""
    crop = Geometry((1, 7, 6, 3), (3, 2, 3, 4), (2, 1), padding=EXPLICIT, explicit_pads=(-1, 2, 0, -2))
    geometries = {
        "batch-0": (Geometry((0, 5, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER), "an empty batch"),
        "batch-0-grouped": (Geometry((0, 4, 6, 4), (2, 2, 2, 6), (2, 1), groups=2), "an empty batch, in groups"),
        "height-0": (Geometry((2, 0, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER), "an output without rows"),
        "one-pixel": (Geometry((2, 1, 1, 5), (1, 1, 5, 4)), "a single pixel"),
        "one-pixel-padded": (Geometry((1, 1, 1, 3), (3, 3, 3, 2), padding=SAME_LOWER), "a pixel amid padding"),
        "1x1": (Geometry((2, 4, 5, 3), (1, 1, 3, 4)), "a path of its own for 1x1"),
        "1x1-strided": (Geometry((2, 5, 7, 3), (1, 1, 3, 4), (2, 3)), "1x1 windows that leave pixels between them"),
        "kernel-is-input": (Geometry((2, 5, 4, 3), (5, 4, 3, 4)), "a kernel that fits exactly once"),
        "kernel-is-dilated-input": (Geometry((1, 7, 6, 2), (3, 2, 2, 5), dilations=(3, 5)), "a kernel that fits once"),
        "stride-beyond-input": (Geometry((2, 5, 6, 2), (2, 3, 2, 3), (7, 9)), "strides larger than the image"),
        "stride-beyond-kernel": (Geometry((1, 9, 11, 2), (2, 3, 2, 3), (4, 5)), "gaps between the windows"),
        "far-padded": (
            Geometry((1, 4, 5, 2), (2, 3, 2, 3), padding=EXPLICIT, explicit_pads=(3, 2, 4, 3)),
            "windows that lie wholly in a pad",
        ),
        "crop": (crop, "a negative pad ignored, or taken for a positive one"),
    }
    cases = []
    for operation in operations:
        for slug, (geometry, what) in geometries.items():
            biased = replace(geometry, bias=operation in TAKES_BIAS and len(slug) % 2 == 1)
            if operation == BIAS_GRADIENT and slug not in ("batch-0", "height-0", "one-pixel"):
                continue
            empty = {BIAS_ALONE: NO_PRODUCTS} if 0 in shape_of(OUTPUT, geometry) else {}
            cases.append(
                operand_case(
                    Kind.floating(operation, of_all),
                    biased,
                    INTEGER,
                    slug,
                    f"Catches a crash, or memory that was not initialised: {what}.",
                    tags=("degenerate",),
                    allowed=dict.fromkeys(KINDS, "so few elements leave no choice") | empty,
                    source="NNlib.jl#763" if slug == "batch-0" and operation == FILTER_GRADIENT else "",
                )
            )
    return cases


PLAIN = Geometry((2, 6, 7, 4), (3, 2, 4, 6))
GROUPED = Geometry((1, 5, 6, 6), (2, 3, 2, 9), groups=3)
Shape = Callable[[tuple[int, ...]], tuple[int, ...]]


def refused(of_all: str, operations: tuple[str, ...]) -> list[Case]:
    """List problems of some operations that have to be refused: each is wrong in one way only."""
    return [case for operation in operations for case in refused_by(Kind.floating(operation, of_all))]


def refused_by(kind: Kind) -> list[Case]:
    """List the problems that one operation has to refuse."""
    geometries = {
        "kernel-beyond-input": (replace(PLAIN, filter=(7, 2, 4, 6)), "the kernel is larger than the input"),
        "dilated-kernel-beyond-input": (
            replace(PLAIN, dilations=(1, 7)),
            "the dilated kernel is larger than the input",
        ),
        "stride-zero": (replace(PLAIN, strides=(0, 2)), "a stride of 0 in height"),
        "dilation-negative": (replace(PLAIN, dilations=(1, -1)), "a dilation of -1 in width"),
        "groups-zero": (replace(PLAIN, groups=0), "0 groups, by which channels are divided"),
        "groups-not-dividing": (Geometry((1, 5, 6, 7), (2, 3, 3, 4), groups=2), "2 groups do not divide 7 channels"),
        "filter-for-more-channels": (
            replace(PLAIN, filter=(3, 2, 5, 6)),
            "the filter has 5 channels, the input 4",
        ),
    }
    cases = []
    for slug, (geometry, reason) in geometries.items():
        if kind.operation in (FILTER_GRADIENT, BIAS_GRADIENT) and slug == "filter-for-more-channels":
            continue  # the filter is what is asked for, or nothing at all
        if kind.operation == BIAS_GRADIENT:
            continue  # sums the output's gradient, whatever the geometry
        cases.append(refused_case(kind, geometry, slug, reason))
    if OUTPUT in FACTORS[kind.operation] and kind.operation != BIAS_GRADIENT:
        shapes: dict[str, tuple[Shape, str]] = {
            "gradient-of-one-row-more": (
                lambda s: (s[0], s[1] + 1, *s[2:]),
                "the output's gradient has a row too many",
            ),
            "gradient-of-one-column-less": (lambda s: (*s[:2], s[2] - 1, s[3]), "the output's gradient lacks a column"),
            "gradient-of-fewer-filters": (lambda s: (*s[:3], s[3] - 3), "the output's gradient lacks filters"),
            "gradient-of-one-image-more": (lambda s: (s[0] + 1, *s[1:]), "the output's gradient has an image too many"),
        }
        for slug, (shape, reason) in shapes.items():
            for geometry in (PLAIN, GROUPED):
                if geometry is PLAIN or "filters" in slug:
                    cases.append(refused_case(kind, geometry, slug, reason, shape(shape_of(OUTPUT, geometry))))
    if kind.operation == INPUT_GRADIENT:
        for count in (PLAIN.filter[3], 1):
            reason = f"{count} biases for 4 channels" + (", as many as there are filters" if count > 1 else "")
            geometry = replace(PLAIN, bias=True)
            cases.append(refused_case(kind, geometry, f"bias-of-{count}", reason, biases=count))
    return cases


def refused_case(
    kind: Kind,
    geometry: Geometry,
    slug: str,
    reason: str,
    output: tuple[int, ...] | None = None,
    biases: int | None = None,
) -> Case:
    """Return one case; where the output has no shape, or another is wanted, its gradient has `output`."""
    either = kind.operation not in (INPUT_GRADIENT, FILTER_GRADIENT) and only_kernel_too_large(geometry, None)

    def draw(of: Geometry, of_kind: Kind, seed: int) -> Operands:
        sound = draw_integer_operands(PLAIN, of_kind, seed)
        drawn = {}
        for role in sound:
            shape = output or outer_shape(of) if role == OUTPUT else shape_of(role, of)
            drawn[role] = whole_numbers(seed, STREAMS[role], shape, 3).astype(STORED[of_kind.output])
        if biases is not None:
            drawn[BIAS] = whole_numbers(seed, STREAMS[BIAS], (biases,), 3).astype(STORED[of_kind.output])
        return drawn

    return operand_case(
        kind,
        geometry,
        INTEGER,
        slug,
        f"Must be refused{', or give an empty output' if either else ''}: {reason}.",
        tags=("invalid",),
        draw=draw,
        expect=REJECTION_OR_EMPTY if either else REJECTION,
    )


def outer_shape(geometry: Geometry) -> tuple[int, int, int, int]:
    """Return the output's shape, or one row and column where there is no output."""
    try:
        return geometry.output
    except (ValueError, ZeroDivisionError):
        return (geometry.input[0], 1, 1, geometry.filter[3])
