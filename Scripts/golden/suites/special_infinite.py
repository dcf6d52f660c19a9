"""Infinities, for the suite `special`: sums with them, and what becomes of them over padding."""

from math import inf, nan

from golden.answers.alternatives import PADDING_TIMES_INFINITY
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.suites.special_problem import Special

TAGS = ("infinity",)


def problems() -> list[Special]:
    """List all of them."""
    return [*in_input(), *in_filter(), *over_padding()]


def in_input() -> list[Special]:
    """List infinite inputs: infinite outputs with the weight's sign, NaN where two cancel or a weight is zero."""
    plain = Geometry((1, 6, 7, 2), (2, 3, 2, 4))
    same = Geometry((1, 5, 7, 3), (3, 2, 3, 4), padding=SAME_UPPER)
    deep = "Catches a NaN where an infinity is due, in a path for many channels: {}, 3x3."
    return [
        Special(
            "inf-input",
            plain,
            "Catches an infinity without its sign, or a NaN in its place.",
            TAGS,
            {(0, 2, 3, 1): inf},
        ),
        Special("minus-inf-input", plain, "Catches an infinity that loses its sign.", TAGS, {(0, 3, 2, 0): -inf}),
        Special(
            "inf-next-to-pad",
            same,
            "Catches a pad that is computed with its neighbour: an infinite input next to it must not become NaN.",
            TAGS,
            {(0, 0, 0, 2): inf, (0, -1, -1, 0): -inf},
        ),
        Special(
            "inf-times-zero",
            plain,
            "Catches weights of zero that are skipped: infinity times zero is NaN.",
            (*TAGS, "nan"),
            {(0, 2, 3, 1): inf},
            {(1, 1, 1, 0): 0, (0, 2, 1, 3): -0.0},
        ),
        Special(
            "inf-times-zero-grouped",
            Geometry((1, 6, 7, 6), (3, 2, 2, 6), padding=SAME_UPPER, groups=3),
            "Catches weights of zero that are skipped in one group: infinity times zero is NaN.",
            (*TAGS, "nan"),
            {(0, 3, 2, 4): -inf},
            {(1, 1, 0, 5): 0, (2, 0, 0, 4): -0.0},
        ),
        Special(
            "nan-times-zero-1x1",
            Geometry((2, 4, 5, 9), (1, 1, 9, 5), (2, 1)),
            "Catches weights of zero that are skipped in a product of matrices: NaN times zero is NaN.",
            ("nan",),
            {(1, 2, 3, 8): nan},
            {(0, 0, 8, 2): 0, (0, 0, 8, 4): -0.0},
        ),
        Special(
            "inf-minus-inf",
            Geometry((1, 6, 8, 2), (2, 3, 2, 3)),
            "Catches infinities that cancel to a number: with opposite signs in one window they give NaN.",
            (*TAGS, "nan"),
            {(0, 2, 3, 1): inf, (0, 2, 4, 1): -inf},
        ),
        Special(
            "inf-plus-nan",
            Geometry((1, 6, 8, 2), (2, 3, 2, 3)),
            "Catches an infinity that hides a NaN.",
            (*TAGS, "nan"),
            {(0, 2, 3, 1): inf, (0, 2, 4, 0): nan},
        ),
        Special(
            "inf-in-one-image",
            Geometry((3, 4, 5, 2), (2, 2, 2, 3), padding=SAME_LOWER),
            "Catches an infinity that leaves its image.",
            TAGS,
            {(1, 1, 1, 0): inf, (1, 3, 3, 1): -inf},
        ),
        Special(
            "inf-in-one-group",
            Geometry((1, 5, 6, 6), (3, 2, 2, 6), padding=SAME_UPPER, groups=3),
            "Catches an infinity that leaves its group: in a block-diagonal product it would meet zeros.",
            TAGS,
            {(0, 2, 2, 3): inf},
        ),
        Special(
            "inf-in-depthwise",
            Geometry((1, 6, 7, 5), (3, 3, 1, 5), (2, 1), padding=SAME_UPPER, groups=5),
            "Catches an infinity that leaves its channel in a depthwise convolution.",
            TAGS,
            {(0, 3, 3, 4): -inf},
        ),
        Special(
            "inf-times-inf",
            plain,
            "Catches a sign that is lost where infinity meets infinity.",
            TAGS,
            {(0, 0, 1, 0): inf, (0, 5, 5, 0): -inf},
            {(0, 1, 0, 2): -inf},
        ),
        *(
            Special(
                "inf-input-deep",
                Geometry((1, 6, 7, channels), (3, 3, channels, 6), padding=SAME_UPPER),
                deep.format(f"{channels} channels"),
                TAGS,
                {(0, 2, 3, channels // 2): inf},
                source="tensorflow#60315",
            )
            for channels in (127, 128, 129)
        ),
    ]


def in_filter() -> list[Special]:
    """List infinite weights and biases, without padding."""
    plain = Geometry((2, 5, 6, 3), (2, 2, 3, 5))
    biased = Geometry((1, 5, 6, 2), (2, 2, 2, 4), bias=True)
    return [
        Special(
            "inf-weight",
            plain,
            "Catches an infinite weight that leaves its filter, or an infinity without the input's sign.",
            TAGS,
            filter={(1, 0, 2, 4): inf},
        ),
        Special(
            "minus-inf-weight-1x1",
            Geometry((1, 4, 5, 5), (1, 1, 5, 5), (1, 2)),
            "Catches a tail of channels that is filled with zeros: times an infinite weight they would be NaN.",
            TAGS,
            filter={(0, 0, 4, 2): -inf},
        ),
        Special(
            "inf-weight-times-zero",
            plain,
            "Catches inputs of zero, of either sign, that are skipped: zero times infinity is NaN.",
            (*TAGS, "nan", "negative-zero"),
            {(0, 2, 3, 2): 0, (1, 4, 0, 2): -0.0},
            {(1, 0, 2, 1): -inf},
        ),
        Special(
            "inf-weight-times-zero-grouped",
            Geometry((1, 6, 7, 6), (2, 3, 3, 4), (1, 2), groups=2),
            "Catches inputs of zero, of either sign, that are skipped in one group: zero times infinity is NaN.",
            (*TAGS, "nan", "negative-zero"),
            {(0, 2, 2, 2): 0, (0, 4, 4, 2): -0.0},
            {(1, 0, 2, 1): inf},
        ),
        Special(
            "nan-weight-times-zero-1x1",
            Geometry((1, 4, 5, 9), (1, 1, 9, 5), (1, 2)),
            "Catches inputs of zero, of either sign, that are skipped under a weight of NaN: the product is NaN.",
            ("nan", "negative-zero"),
            {(0, 1, 2, 8): 0, (0, 3, 0, 8): -0.0},
            {(0, 0, 8, 3): nan},
        ),
        Special(
            "inf-weights-cancel",
            plain,
            "Catches infinities that cancel to a number: two weights of one filter.",
            (*TAGS, "nan"),
            filter={(0, 0, 0, 3): inf, (1, 1, 2, 3): inf},
        ),
        Special(
            "inf-bias",
            biased,
            "Catches a bias that is not added where it is infinite, or is added to another filter.",
            TAGS,
            bias={(2,): -inf},
        ),
        Special(
            "inf-bias-cancels",
            biased,
            "Catches a bias that replaces the sum: an infinite one of the other sign makes it NaN.",
            (*TAGS, "nan"),
            {(0, 2, 3, 0): inf},
            bias={(1,): -inf},
        ),
    ]


def over_padding() -> list[Special]:
    """List infinite and NaN weights over padding: a zero times them, or nothing at all."""
    note = (
        "Either padding contributes nothing, or it is a zero that an infinite weight makes NaN: catches anything else, "
        "and tells which it is. {}."
    )
    same = "Weight -inf, {} channels, SAME"
    tags = (*TAGS, "padding-times-infinity")
    found = [
        Special(
            "minus-inf-weight-over-pad",
            Geometry((1, 5, 6, channels), (3, 3, channels, 4), padding=SAME_UPPER),
            note.format(same.format(channels)),
            tags,
            filter={(0, 2, channels - 1, 1): -inf},
            source="burn#5385",
            alternative=PADDING_TIMES_INFINITY,
        )
        for channels in (1, 3, 4, 5, 8, 9)
    ]
    found += [
        Special(
            "inf-weight-over-pads",
            Geometry((1, 5, 6, 2), (2, 3, 2, 4), padding=EXPLICIT, explicit_pads=(1, 0, 2, 3)),
            note.format("Weight inf, four different pads"),
            tags,
            filter={(0, 2, 1, 3): inf},
            alternative=PADDING_TIMES_INFINITY,
        ),
        Special(
            "inf-weight-over-pads-strided",
            Geometry((2, 6, 7, 3), (3, 4, 3, 4), (2, 3), padding=SAME_LOWER, bias=True),
            note.format("Weight inf, with strides and a bias"),
            tags,
            filter={(2, 0, 0, 0): inf},
            alternative=PADDING_TIMES_INFINITY,
        ),
        Special(
            "inf-weight-over-pads-dilated",
            Geometry((1, 6, 7, 4), (2, 3, 2, 6), (1, 1), (3, 2), SAME_UPPER, groups=2),
            note.format("Weight -inf, dilated, in groups"),
            tags,
            filter={(1, 0, 1, 4): -inf},
            alternative=PADDING_TIMES_INFINITY,
        ),
        Special(
            "inf-weight-over-pads-depthwise",
            Geometry((1, 5, 6, 5), (3, 3, 1, 5), padding=SAME_UPPER, groups=5),
            note.format("Weight inf, depthwise"),
            tags,
            filter={(0, 0, 0, 4): inf},
            alternative=PADDING_TIMES_INFINITY,
        ),
        *(
            Special(
                "nan-weight-over-pads",
                geometry,
                "Either padding contributes nothing, or a weight of NaN makes it NaN: catches anything else, and "
                "tells which it is.",
                ("nan", "padding-times-infinity"),
                filter={(0, 1, 0, 2): nan},
                alternative=PADDING_TIMES_INFINITY,
            )
            for geometry in (
                Geometry((1, 4, 6, 3), (3, 3, 3, 4), padding=SAME_UPPER),
                Geometry((1, 4, 6, 5), (3, 2, 5, 4), (2, 1), padding=EXPLICIT, explicit_pads=(2, 0, 1, 1)),
            )
        ),
    ]
    return found
