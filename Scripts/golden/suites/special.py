"""Suite `special`: NaN, infinities, signed zeros, subnormals, the largest numbers."""

from golden.answers.alternatives import INTERMEDIATE_OVERFLOW, PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH
from golden.suites import special_infinite, special_nan, special_range, special_tails, special_zero_taps
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    problems = (
        *special_nan.problems(),
        *special_infinite.problems(),
        *special_range.problems(),
        *special_tails.problems(),
        *special_zero_taps.problems(),
    )
    return [problem.case() for problem in problems]


def coverage(cases: list[Case]) -> list[str]:
    """Say how many cases there are of each kind; prove that each choice comes up."""
    kinds = ("nan", "infinity", "negative-zero", "subnormal", "large", "overflow")
    counts = ", ".join(f"{kind} {sum(kind in case.tags for case in cases)}" for kind in kinds)
    chosen = [case.alternative.choice for case in cases if case.alternative]
    sentences = [f"By what is put in: {counts}."]
    for alternative in (PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH, INTERMEDIATE_OVERFLOW):
        count = chosen.count(alternative.choice)
        if not count:
            raise ValueError(f"special: no case leaves {alternative.choice} open")
        sentences.append(f"{count} cases (tag `choice`) leave `{alternative.choice}` to the algorithm.")
    return sentences


SUITE = Suite(
    name="special",
    title="NaN, infinities, signed zeros, subnormals, overflow",
    description=(
        "A few numbers that are not ordinary among small whole ones, so that most outputs stay finite and the place of "
        "each NaN and infinity shows. An infinity times a zero inside the image is NaN; padding is not multiplied. -0 "
        "counts as 0."
    ),
    cases=cases,
    coverage=coverage,
)
