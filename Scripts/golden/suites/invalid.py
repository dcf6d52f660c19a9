"""Suite `invalid`: problems that have no output, and must be refused."""

from dataclasses import replace

from golden.drawing.families import BIAS
from golden.problem.geometry import SAME_LOWER, SAME_UPPER, Geometry, Pair
from golden.problem.objections import objections, repairable
from golden.suites.invalid_problem import GROUPED, PLAIN, Invalid
from golden.suites.invalid_sizes import kernels, overflows
from golden.suites.suite import Suite
from golden.vectors.case import REJECTION_OR_EMPTY, Case


def steps() -> list[Invalid]:
    """List strides and dilations below 1, on either axis and under every kind of padding."""
    found = []
    for axis, name in enumerate(("height", "width")):
        other = ("width", "height")[axis]
        for value, word in ((0, "zero"), (-1, "negative")):
            pair: Pair = (value, 2) if axis == 0 else (2, value)
            strided, dilated = replace(PLAIN, strides=pair), replace(PLAIN, dilations=pair)
            stride = f"a stride of {value} in {name}, while that in {other} is sound"
            dilation = f"a dilation of {value} in {name}, while that in {other} is sound"
            source = "tinygrad#14115" if value == 0 else ""
            found += [
                Invalid(f"stride-{word}-{name}", strided, stride, "stride"),
                Invalid(f"dilation-{word}-{name}", dilated, dilation, "dilation", source=source),
            ]
    lower = replace(PLAIN, padding=SAME_LOWER)
    found += [
        Invalid("stride-zero-same", replace(lower, strides=(0, 0)), "SAME divides by the stride, which is 0", "stride"),
        Invalid(
            "stride-zero-1x1",
            replace(PLAIN, filter=(1, 1, 4, 6), strides=(0, 0)),
            "a stride of 0 under a kernel of one tap",
            "stride",
        ),
        Invalid(
            "dilation-zero-same",
            replace(PLAIN, padding=SAME_UPPER, dilations=(0, 0)),
            "a dilation of 0, which would put all taps onto one element",
            "dilation",
            source="tinygrad#14115",
        ),
        Invalid(
            "dilation-zero-1x1",
            replace(PLAIN, filter=(1, 1, 4, 6), dilations=(0, 1)),
            "a dilation of 0, although a kernel of one tap has no use for it",
            "dilation",
            source="tinygrad#14115",
        ),
    ]
    return found


def groups() -> list[Invalid]:
    """List groups that are not at least one, or do not divide channels and filters."""
    return [
        Invalid(
            "groups-zero",
            replace(PLAIN, groups=0),
            "0 groups, by which channels are divided",
            "groups",
            source="pytorch#91558",
        ),
        Invalid(
            "groups-zero-no-channels",
            Geometry((1, 5, 6, 0), (2, 3, 0, 4), groups=0),
            "0 groups, although 0 channels fit into them",
            "groups",
        ),
        Invalid(
            "groups-negative",
            replace(PLAIN, filter=(3, 2, 2, 6), groups=-2),
            "-2 groups, where the filter is for 2",
            "groups",
        ),
        Invalid(
            "groups-zero-1x1",
            Geometry((2, 4, 5, 6), (1, 1, 6, 8), (2, 1), groups=0, bias=True),
            "0 groups, as of a field that was never set",
            "groups",
        ),
        Invalid(
            "groups-not-dividing-channels",
            Geometry((1, 5, 6, 7), (2, 3, 3, 4), groups=2),
            "2 groups do not divide 7 channels; rounded down, one channel would be left over",
            "groups",
        ),
        Invalid(
            "groups-not-dividing-channels-1x1",
            Geometry((2, 4, 5, 11), (1, 1, 3, 6), groups=3),
            "3 groups do not divide 11 channels; rounded down, two channels would be left over",
            "groups",
        ),
        Invalid(
            "groups-not-dividing-channels-same",
            Geometry((1, 5, 6, 17), (3, 2, 4, 8), (2, 1), padding=SAME_UPPER, groups=4),
            "4 groups do not divide 17 channels; rounded down, one channel would be left over",
            "groups",
        ),
        Invalid(
            "groups-not-dividing-filters",
            Geometry((1, 5, 6, 6), (2, 3, 2, 8), groups=3),
            "3 groups do not divide 8 filters; rounded down, two filters would be left over",
            "groups",
        ),
        Invalid(
            "groups-more-than-channels",
            Geometry((1, 5, 6, 3), (2, 3, 1, 5), groups=5),
            "5 groups of 3 channels",
            "groups",
        ),
        Invalid(
            "groups-more-than-filters",
            Geometry((1, 5, 6, 8), (2, 3, 1, 4), groups=8),
            "8 groups of 4 filters",
            "groups",
        ),
        Invalid(
            "groups-fewer-filters-depthwise",
            Geometry((1, 5, 6, 5), (3, 3, 1, 7), padding=SAME_UPPER, groups=5),
            "depthwise with 7 filters for 5 channels",
            "groups",
        ),
    ]


def channels() -> list[Invalid]:
    """List filters and biases that do not fit the input."""
    mismatch = "channels"
    return [
        Invalid(
            "filter-for-fewer-channels",
            replace(PLAIN, filter=(3, 2, 3, 6)),
            "the filter has 3 channels, the input 4",
            mismatch,
            source="XNNPACK#11118",
        ),
        Invalid(
            "filter-for-more-channels",
            replace(PLAIN, filter=(3, 2, 5, 6)),
            "the filter has 5 channels, the input 4: reading on leaves the tensor",
            mismatch,
            source="XNNPACK#11118",
        ),
        Invalid(
            "filter-for-one-channel",
            replace(PLAIN, filter=(3, 2, 1, 6)),
            "the filter has 1 channel, the input 4; nothing is broadcast",
            mismatch,
        ),
        Invalid(
            "input-of-one-channel",
            replace(PLAIN, input=(2, 6, 7, 1)),
            "the filter has 4 channels, the input 1; nothing is broadcast",
            mismatch,
        ),
        Invalid(
            "filter-without-channels",
            replace(PLAIN, filter=(3, 2, 0, 6)),
            "the filter has no channels, the input 4",
            mismatch,
        ),
        Invalid(
            "filter-not-divided-by-groups",
            replace(GROUPED, filter=(2, 3, 6, 9)),
            "the filter has all 6 channels, although each of 3 groups has 2",
            mismatch,
        ),
        Invalid(
            "filter-divided-twice-by-groups",
            replace(GROUPED, input=(1, 5, 6, 18)),
            "the filter has 2 channels, although each of 3 groups has 6",
            mismatch,
        ),
        *(
            Invalid(
                f"bias-of-{count}",
                replace(geometry, bias=True),
                f"{count} biases for {geometry.filter[3]} filters" + note,
                "bias-length",
                biases=count,
            )
            for geometry, count, note in (
                (PLAIN, 5, ""),
                (PLAIN, 7, ""),
                (PLAIN, 1, "; nothing is broadcast"),
                (PLAIN, 0, ""),
                (PLAIN, 4, ", as many as there are channels"),
                (GROUPED, 3, ", as many as one group has"),
            )
        ),
    ]


def cases() -> list[Case]:
    """List all invalid problems."""
    return [invalid.case() for invalid in (*steps(), *groups(), *channels(), *kernels(), *overflows())]


def coverage(cases: list[Case]) -> list[str]:
    """Prove that each problem is wrong in one way, and that both kinds of expectation come up."""
    for case in cases:
        biases = [draw(case.geometry, 0)[BIAS] for draw in (case.draw,) if draw]
        problem = (case.geometry, len(biases[0]) if biases else None)
        if not objections(*problem) or not repairable(*problem):
            raise ValueError(f"invalid: {case.name} is valid, or wrong in more than one way")
    kinds = sorted({tag for case in cases for tag in case.tags} - {"invalid"})
    counts = ", ".join(f"{kind} {sum(kind in case.tags for case in cases)}" for kind in kinds)
    either = sum(case.expect == REJECTION_OR_EMPTY for case in cases)
    if not 0 < either < len(cases):
        raise ValueError("invalid: one of the two expectations does not come up")
    return [
        f"By the parameter that is wrong: {counts}.",
        "Each is wrong in one way only: repairing one parameter, and no other, makes it valid.",
        f"In {either} a kernel larger than the padded input is all that is wrong: there an output without elements is "
        "as right as a refusal.",
    ]


SUITE = Suite(
    name="invalid",
    title="What must be refused",
    description=(
        "Problems without an output: an engine has to say so. One that answers with elements fails, and so does one "
        "that dies. Each is wrong in one way only, and near to a valid one."
    ),
    cases=cases,
    coverage=coverage,
)
