"""Transposed convolutions on which faults are known, with sizes around vectors' widths, and of networks' layers."""

from golden.problem.geometry import SAME_LOWER, SAME_UPPER, VALID
from golden.problem.naming import INTEGER, REAL
from golden.suites.operand_cases import operand_case
from golden.suites.transposed_array import KIND, transposed
from golden.vectors.case import Case


def transposed_faults() -> list[Case]:
    """List transposed convolutions on which faults are known: output padding, gaps, groups, crops, tails, layers."""
    grouped = "Catches groups that share the filter's axes as in a forward convolution: {} groups of {} filters."
    gaps = "Catches rows and columns that no window meets, and that are not written: the stride exceeds the kernel."
    output_padding = (
        "Catches output padding that repeats the last row, or shifts the answer: {} and {} beyond the windows."
    )
    crops = "Catches pads that are added where they crop, or taken for each other: {}, {}, {}, {}."
    dilated = "Catches output padding larger than the stride less one that a dilation allows to be told apart."
    bias = "Catches one bias to each filter, where there is one to each channel: {} filters, {} channels."
    cases = [
        (
            f"groups-{groups}",
            transposed((2, 3, 4, groups * of), (3, 2), groups * to, (2, 1), groups=groups),
            grouped.format(groups, of),
        )
        for groups, of, to in ((2, 1, 3), (2, 3, 1), (3, 2, 2), (4, 4, 1), (6, 1, 1), (17, 1, 1), (8, 1, 2))
    ]
    cases += [
        ("gaps", transposed((1, 3, 4, 3), kernel, 2, strides, padding, left_over, bias=bool(left_over[0])), gaps)
        for kernel, strides, padding, left_over in (
            ((1, 1), (2, 3), VALID, (0, 0)),
            ((1, 1), (4, 4), VALID, (3, 2)),
            ((2, 1), (3, 4), VALID, (1, 3)),
            ((1, 2), (3, 4), SAME_UPPER, (0, 1)),
            ((2, 2), (4, 3), SAME_LOWER, (0, 0)),
        )
    ]
    cases += [
        (
            "output-padding",
            transposed((1, 4, 3, 2), (3, 3), 3, strides, pads, left_over),
            output_padding.format(*left_over),
        )
        for strides, pads, left_over in (
            ((2, 2), (1, 1, 1, 1), (1, 0)),
            ((2, 2), (1, 1, 1, 1), (0, 1)),
            ((3, 3), (1, 1, 1, 1), (2, 1)),
            ((4, 2), (0, 0, 0, 0), (3, 1)),
            ((3, 4), (2, 0, 1, 3), (1, 3)),
        )
    ]
    cases += [
        ("crop", transposed((1, 4, 5, 2), (3, 4), 2, strides, pads), crops.format(*pads))
        for strides, pads in (
            ((1, 1), (2, 1, 3, 0)),
            ((2, 3), (0, 2, 1, 4)),
            ((2, 2), (3, 3, 2, 2)),
            ((1, 2), (0, 3, 0, 0)),
        )
    ]
    cases += [
        ("negative-pads", transposed((1, 3, 4, 2), (2, 3), 3, (2, 1), (-1, 0, 2, -2)), crops.format(-1, 0, 2, -2)),
        (
            "negative-pads",
            transposed((1, 3, 4, 3), (3, 2), 2, (2, 2), (0, -2, -1, 1), bias=True),
            crops.format(0, -2, -1, 1),
        ),
        ("dilated", transposed((1, 3, 4, 2), (3, 2), 3, (2, 2), (1, 1, 1, 0), (1, 1), (2, 3)), dilated),
        ("dilated", transposed((1, 3, 3, 4), (2, 3), 4, (3, 2), SAME_UPPER, (2, 1), (3, 2), groups=2), dilated),
    ]
    cases += [
        ("bias", transposed((2, 3, 4, filters), (2, 3), channels, (2, 1), bias=True), bias.format(filters, channels))
        for filters, channels in ((4, 3), (3, 5), (1, 6), (6, 1))
    ]
    return [
        operand_case(KIND, geometry, INTEGER, slug, note, tags=("transposed", "regression"))
        for slug, geometry, note in cases
    ]


def transposed_tails() -> list[Case]:
    """List transposed convolutions with sizes around vectors' widths on each axis."""
    note = "Catches a tail that is dropped, read twice or written over: {} {}."
    found = []
    for turn, size in enumerate((7, 8, 9, 15, 16, 17, 31, 32, 33, 65)):
        kernel, strides = ((3, 3), (2, 2), (4, 4), (1, 2))[turn % 4], ((2, 2), (1, 2), (2, 1))[turn % 3]
        data = REAL if turn % 4 == 3 else INTEGER
        found += [
            (transposed((1, 2, 3, 4), kernel, size, strides, left_over=(strides[0] - 1, 0)), "channels", data, size),
            (transposed((1, 2, 3, size), kernel, 5, strides, left_over=(0, strides[1] - 1)), "filters", data, size),
            (transposed((1, 2, size, 3), kernel, 2, strides, SAME_UPPER, bias=True), "columns", data, size),
            (transposed((1, 2, 3, size), kernel, size, strides, groups=size), "channels in as many groups", data, size),
        ]
    return [
        operand_case(KIND, geometry, data, "tail", note.format(size, what), tags=("transposed", "tail"))
        for geometry, what, data, size in found
    ]


def transposed_layers() -> list[Case]:
    """List layers of networks as digest cases: upsampling as GANs and segmentation do it."""
    note = "Catches tiles and blocks that overlap wrongly in an upsampling layer of {}."
    layers = {
        "DCGAN": transposed((1, 8, 8, 64), (4, 4), 32, (2, 2), (1, 1, 1, 1)),
        "U-Net": transposed((1, 14, 16, 32), (2, 2), 16, (2, 2), bias=True),
        "FCN": transposed((1, 9, 11, 21), (16, 16), 21, (8, 8), groups=21),
        "an autoencoder": transposed((4, 7, 7, 64), (3, 3), 32, (2, 2), SAME_UPPER, bias=True),
    }
    return [
        operand_case(KIND, geometry, data, "layer", note.format(name), tags=("transposed", "layer"), is_digest=True)
        for name, geometry in layers.items()
        for data in (INTEGER, REAL)
    ]
