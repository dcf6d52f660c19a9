"""Sizes at, below and above the widths of vectors and tiles, in any operation and type."""

from golden.problem.geometry import SAME_LOWER, SAME_UPPER, VALID, Geometry, Pair
from golden.problem.kinds import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, Kind
from golden.problem.naming import INTEGER, REAL
from golden.suites.operand_cases import operand_case
from golden.vectors.case import Case

SIZES = {7: 0, 8: 1, 9: 2, 15: 3, 16: 4, 17: 5, 31: 6, 32: 7, 33: 8, 64: 9, 65: 10}  # and the turn of each
KERNELS = ((1, 1), (2, 3), (1, 3), (3, 1), (3, 2))
STRIDES = ((1, 1), (1, 2), (2, 1), (2, 2))
PADDINGS = (VALID, SAME_UPPER, SAME_LOWER)
AXES = ("channels", "filters", "width", "batch", "depth")
OF_AXIS = {
    "channels": "{} channels",
    "filters": "{} filters",
    "width": "{} output columns",
    "batch": "{} images",
    "depth": "{} channels of a depthwise convolution",
}


def sized(axis: str, size: int, turn: int) -> Geometry:
    """Return a geometry with some size on one axis; all else rotates."""
    kernel, stride = KERNELS[turn % len(KERNELS)], STRIDES[turn % len(STRIDES)]
    if axis == "depth":
        kernel = ((2, 3), (3, 2))[turn % 2]  # of fewer taps, some of many filters would be symmetric
    padding = PADDINGS[turn % len(PADDINGS)]
    sizes = {"channels": 3, "filters": 5, "width": 4, "batch": 1} | ({axis: size} if axis != "depth" else {})
    image = image_of((2, sizes["width"]), kernel, stride, padding)
    channels, filters, groups = sizes["channels"], sizes["filters"], 1
    if axis == "depth":
        channels, filters, groups = size, size * (1 + turn % 2), size
    elif turn % 4 == 3 and axis == "filters":
        channels, groups, filters = 4, 2, 2 * (size // 2)
    return Geometry(
        (sizes["batch"], *image, channels),
        (*kernel, channels // groups, filters),
        stride,
        padding=padding,
        groups=groups,
    )


def image_of(output: Pair, kernel: Pair, stride: Pair, padding: str) -> Pair:
    """Return the smallest (height, width) with an output of this size, one row higher where it were square."""
    height, width = (
        (out - 1) * s + (k if padding == VALID else 1) for out, k, s in zip(output, kernel, stride, strict=True)
    )
    return (height + (height == width) * stride[0], width)


def floating_tails(
    of_all: str, operations: tuple[str, ...] = (FORWARD, INPUT_GRADIENT, FILTER_GRADIENT), largest: int = 33
) -> list[Case]:
    """List each size on each axis in one floating type; operations and families rotate."""
    cases = []
    for row, axis in enumerate(AXES):
        for size, turn in SIZES.items():
            if size > largest or (axis == "batch" and size > 17):
                continue
            operation = operations[(turn + row) % len(operations)]
            data = REAL if (turn + row) % 4 == 3 else INTEGER
            cases.append(
                operand_case(
                    Kind.floating(operation, of_all),
                    sized(axis, size, turn + row),
                    data,
                    "tail",
                    f"Catches a tail that is dropped, read twice or written over: {OF_AXIS[axis].format(size)}.",
                    tags=("tail", f"tail-{axis}"),
                )
            )
    return unique(cases)


def unique(cases: list[Case]) -> list[Case]:
    """Return cases without those whose name came before."""
    return list({case.name: case for case in reversed(cases)}.values())[::-1]
