"""Suite `float16`: iEEE half precision, all operations."""

from golden.problem.kinds import FLOAT16
from golden.suites.floating_arrays import TYPED, array_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return array_cases(TYPED, FLOAT16)


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return TYPED.coverage(" (and the gradients of a bias)")


SUITE = Suite(
    name="float16",
    title="IEEE half precision, all operations",
    description=(
        "Forward convolution and all three gradients in IEEE half precision. Sums of integer data stay below "
        "2^11, exact whatever accumulates them; real data has all 11 bits."
    ),
    cases=cases,
    coverage=coverage,
)
