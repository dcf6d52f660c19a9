"""Suite `bfloat16`: the upper half of float32, all operations."""

from golden.problem.kinds import BFLOAT16, FORWARD, OPERATIONS
from golden.suites.counting import counted
from golden.suites.floating_arrays import TYPED, array_cases
from golden.suites.operand_edges import edges, refused
from golden.suites.operand_numerics import numerics
from golden.suites.operand_special_gradients import special_cases
from golden.suites.operand_tails import floating_tails
from golden.suites.short_types import short_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return [
        *array_cases(TYPED, BFLOAT16),
        *numerics(BFLOAT16),
        *floating_tails(BFLOAT16),
        *special_cases(BFLOAT16),
        *short_cases(BFLOAT16),
        *edges(BFLOAT16, OPERATIONS),
        *refused(BFLOAT16, (FORWARD,)),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*TYPED.coverage(" (and the gradients of a bias)"), *counted(cases)]


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
