"""Suite `bfloat16`: the upper half of float32, all operations."""

from golden.problem.kinds import BFLOAT16
from golden.suites.floating_arrays import TYPED, array_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return array_cases(TYPED, BFLOAT16)


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return TYPED.coverage(" (and the gradients of a bias)")


SUITE = Suite(
    name="bfloat16",
    title="The upper half of float32, all operations",
    description=(
        "Forward convolution and all three gradients in bfloat16, the upper half of float32, stored as the "
        "float32 of the same value. Sums of integer data stay below 2^8; real data has all 8 bits."
    ),
    cases=cases,
    coverage=coverage,
)
