"""Suite `float64`: double precision, all operations."""

from golden.problem.kinds import FLOAT64
from golden.suites.floating_arrays import TYPED, array_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return array_cases(TYPED, FLOAT64)


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return TYPED.coverage(" (and the gradients of a bias)")


SUITE = Suite(
    name="float64",
    title="Double precision, all operations",
    description=(
        "Forward convolution and all three gradients in float64. Integer data goes up to 2^24 and sums up to "
        "2^53, so that arithmetic in float32 shows; real data has all 53 bits, and products of 106."
    ),
    cases=cases,
    coverage=coverage,
)
