"""Suite `tails`: sizes at, below and above the widths of vectors, tiles and blocks."""

from itertools import product

from golden.problem.geometry import SAME_LOWER, SAME_UPPER, VALID, Geometry, Pair
from golden.problem.naming import name_of
from golden.suites.suite import Suite
from golden.vectors.case import Case

# Sizes, and below groups, each with the number from which kernel, stride and padding follow: whatever comes or goes,
# the other cases keep their names.
SIZES = {
    1: 0,
    2: 1,
    3: 2,
    4: 3,
    5: 4,
    7: 5,
    8: 6,
    9: 7,
    15: 8,
    16: 9,
    17: 10,
    31: 11,
    32: 12,
    33: 13,
    63: 14,
    64: 15,
    65: 16,
}
SQUARE = 17  # the side of the Latin square: sizes when the numbers were given
KERNELS = ((1, 1), (2, 3), (1, 3), (3, 1), (1, 1), (3, 2), (1, 2))
STRIDES = ((1, 1), (1, 2), (2, 1))
PADDINGS = (VALID, SAME_UPPER, VALID, SAME_LOWER, VALID)
DEPTHWISE = {
    2: 0,
    3: 1,
    4: 2,
    5: 3,
    7: 4,
    8: 5,
    9: 6,
    15: 7,
    16: 8,
    17: 9,
    23: 10,
    24: 11,
    25: 12,
    31: 13,
    32: 14,
    33: 15,
    63: 16,
    64: 17,
    65: 18,
}
# (groups, channels of a group, filters of a group)
# fmt: off
GROUPED = {
    (2, 1, 2): 0, (2, 1, 4): 1, (2, 1, 7): 2, (2, 3, 2): 3, (2, 3, 4): 4, (2, 3, 7): 5,
    (2, 4, 2): 6, (2, 4, 4): 7, (2, 4, 7): 8, (2, 5, 2): 9, (2, 5, 4): 10, (2, 5, 7): 11,
    (2, 8, 2): 12, (2, 8, 4): 13, (2, 8, 7): 14, (2, 9, 2): 15, (2, 9, 4): 16, (2, 9, 7): 17,
    (3, 1, 2): 18, (3, 1, 4): 19, (3, 1, 7): 20, (3, 3, 2): 21, (3, 3, 4): 22, (3, 3, 7): 23,
    (3, 4, 2): 24, (3, 4, 4): 25, (3, 4, 7): 26, (3, 5, 2): 27, (3, 5, 4): 28, (3, 5, 7): 29,
    (3, 8, 2): 30, (3, 8, 4): 31, (3, 8, 7): 32, (3, 9, 2): 33, (3, 9, 4): 34, (3, 9, 7): 35,
    (2, 12, 9): 36, (3, 8, 5): 37, (4, 6, 3): 38, (6, 4, 5): 39, (8, 3, 2): 40, (12, 2, 3): 41,
    (5, 5, 3): 42, (2, 16, 17): 43, (2, 17, 16): 44, (2, 33, 8): 45, (3, 11, 11): 46, (11, 3, 1): 47,
    (2, 15, 15): 48, (17, 2, 2): 49,
}
# fmt: on


def covering_image(output: Pair, kernel: Pair, stride: Pair, padding: str) -> Pair:
    """Return the smallest (height, width) that gives an output of this height and width."""
    height, width = (
        (out - 1) * s + (k if padding == VALID else 1) for out, k, s in zip(output, kernel, stride, strict=True)
    )
    return (height, width)


def sized(channels: int, filters: int, width: int, turn: int) -> Geometry:
    """Return a geometry with so many channels and filters and an output so wide; all else rotates with `turn`."""
    kernel, stride = KERNELS[turn % len(KERNELS)], STRIDES[turn % len(STRIDES)]
    padding = PADDINGS[turn % len(PADDINGS)]
    rows = 2
    while (image := covering_image((rows, width), kernel, stride, padding))[0] == image[1]:
        rows += 1
    return Geometry((1, *image, channels), (*kernel, channels, filters), stride, padding=padding)


def case_of(geometry: Geometry, note: str, *tags: str) -> Case:
    """Return a case of integer data, named after its geometry and output width."""
    name = f"{name_of(geometry, 'integer')[:-4]}-ow{geometry.output[2]}-int"
    return Case(name, geometry, note, tags=("tail", *tags))


def singles() -> list[Case]:
    """List one case for each size of each dimension, the others held at an even and an odd size."""
    note = "Catches a tail of {} that is dropped, read twice or written over: {} of them."
    cases = []
    for size, turn in SIZES.items():
        cases += [
            case_of(sized(size, 6, 11, turn), note.format("channels", size), "tail-channels"),
            case_of(sized(6, size, 13, turn + 1), note.format("filters", size), "tail-filters"),
            case_of(sized(3, 10, size, turn + 2), note.format("output columns", size), "tail-width"),
        ]
    return cases


def pairs() -> list[Case]:
    """List a Latin square: every pair of sizes of two dimensions once, for each two of the three dimensions."""
    cases = []
    by_number = {number: size for size, number in SIZES.items()}
    for (channels, i), (filters, j) in product(SIZES.items(), repeat=2):
        if (i + j) % SQUARE not in by_number:
            continue
        width = by_number[(i + j) % SQUARE]
        note = (
            f"Catches two tails that are right alone and wrong together: {channels} channels, {filters} filters, "
            f"{width} output columns."
        )
        cases.append(case_of(sized(channels, filters, width, i * SQUARE + j), note, "tail-pairs"))
    return cases


def grouped() -> list[Case]:
    """List groups whose channels and filters leave tails within each group."""
    cases = []
    for (groups, channels, filters), turn in GROUPED.items():
        kernel = ((1, 1), (3, 2), (2, 3))[turn % 3]
        stride = STRIDES[turn % len(STRIDES)]
        geometry = Geometry(
            (2, 4, 5, groups * channels),
            (*kernel, channels, groups * filters),
            stride,
            padding=SAME_UPPER if turn % 2 else VALID,
            groups=groups,
            bias=turn % 4 == 0,
        )
        note = (
            f"Catches a tail of one group that runs into the next: {channels} channels and {filters} filters in each "
            f"of {groups} groups."
        )
        cases.append(case_of(geometry, note))
    return cases


def depthwise() -> list[Case]:
    """List depthwise convolutions: one filter and two filters to a channel, with and without a stride."""
    cases = []
    for (channels, number), multiplier in product(DEPTHWISE.items(), (1, 2)):
        turn = 2 * number + multiplier - 1
        # Three of five are the kernel that nearly all depthwise code is written for.
        kernel = ((3, 3), (3, 3), (2, 3), (3, 3), (5, 1))[turn % 5]
        stride = ((1, 1), (2, 2), (2, 1), (1, 2))[turn % 4]
        dilation = ((1, 1), (1, 1), (2, 1))[turn % 3]
        geometry = Geometry(
            (1, 6, 7, channels),
            (*kernel, 1, channels * multiplier),
            stride,
            dilation,
            SAME_LOWER if turn % 3 == 2 else SAME_UPPER,
            groups=channels,
            bias=turn % 4 == 1,
        )
        note = f"Catches a tail of channels in a depthwise kernel: {channels} channels, {multiplier} filters to each."
        cases.append(case_of(geometry, note))
    return cases


def cases() -> list[Case]:
    """List all cases; a geometry that comes up twice is kept once."""
    listed = [*singles(), *pairs(), *grouped(), *depthwise()]
    return list({case.name: case for case in reversed(listed)}.values())[::-1]


def coverage(cases: list[Case]) -> list[str]:
    """Prove that every size, and every pair of sizes, occurs."""
    plain = [case.geometry for case in cases if case.geometry.groups == 1]
    triples = {(geometry.input[3], geometry.filter[3], geometry.output[2]) for geometry in plain}
    wanted = set(product(SIZES, SIZES))
    for first, second in ((0, 1), (0, 2), (1, 2)):
        if wanted - {(triple[first], triple[second]) for triple in triples}:
            raise ValueError("tails: a pair of sizes is not covered")
    deep = {case.geometry.input[3] for case in cases if "depthwise" in case.all_tags}
    return [
        f"Channels, filters and output width each take the sizes {', '.join(map(str, SIZES))}.",
        f"All {len(wanted)} pairs of sizes occur for channels and filters, for channels and output width, and for "
        "filters and output width.",
        f"Depthwise with {', '.join(map(str, sorted(deep)))} channels, one filter and two filters to each; and "
        f"{len(GROUPED)} other divisions into groups.",
    ]


SUITE = Suite(
    name="tails",
    title="Sizes around the widths of vectors, tiles and blocks",
    description=(
        "Channels, filters and output width one below, at and one above the powers of two that kernels work in; alone, "
        "in pairs, in groups and depthwise. Integer data."
    ),
    cases=cases,
    coverage=coverage,
)
