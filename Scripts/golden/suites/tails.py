"""Suite `tails`: sizes at, below and above the widths of vectors, tiles and blocks."""

from itertools import cycle, product

from golden.problem.geometry import SAME_LOWER, SAME_UPPER, VALID, Geometry, Pair
from golden.problem.naming import name_of
from golden.suites.suite import Suite
from golden.vectors.case import Case

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65)
KERNELS = ((1, 1), (2, 3), (1, 3), (3, 1), (1, 1), (3, 2), (1, 2))
STRIDES = ((1, 1), (1, 2), (2, 1))
PADDINGS = (VALID, SAME_UPPER, VALID, SAME_LOWER, VALID)
DEPTHWISE = tuple(sorted({*SIZES, 23, 24, 25} - {1}))
# (groups, channels of a group, filters of a group)
GROUPED = (
    *product((2, 3), (1, 3, 4, 5, 8, 9), (2, 4, 7)),
    *((2, 12, 9), (3, 8, 5), (4, 6, 3), (6, 4, 5), (8, 3, 2), (12, 2, 3)),  # 24 channels in all
    *((5, 5, 3), (2, 16, 17), (2, 17, 16), (2, 33, 8), (3, 11, 11), (11, 3, 1), (2, 15, 15), (17, 2, 2)),
)


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
    for turn, size in enumerate(SIZES):
        cases += [
            case_of(sized(size, 6, 11, turn), note.format("channels", size), "tail-channels"),
            case_of(sized(6, size, 13, turn + 1), note.format("filters", size), "tail-filters"),
            case_of(sized(3, 10, size, turn + 2), note.format("output columns", size), "tail-width"),
        ]
    return cases


def pairs() -> list[Case]:
    """List a Latin square: every pair of sizes of two dimensions once, for each two of the three dimensions."""
    cases = []
    for turn, (i, j) in enumerate(product(range(len(SIZES)), repeat=2)):
        channels, filters, width = SIZES[i], SIZES[j], SIZES[(i + j) % len(SIZES)]
        note = (
            f"Catches two tails that are right alone and wrong together: {channels} channels, {filters} filters, "
            f"{width} output columns."
        )
        cases.append(case_of(sized(channels, filters, width, turn), note, "tail-pairs"))
    return cases


def grouped() -> list[Case]:
    """List groups whose channels and filters leave tails within each group."""
    cases = []
    kernels = cycle(((1, 1), (3, 2), (2, 3)))
    for (groups, channels, filters), kernel, turn in zip(GROUPED, kernels, range(len(GROUPED)), strict=False):
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
    for turn, (channels, multiplier) in enumerate(product(DEPTHWISE, (1, 2))):
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
