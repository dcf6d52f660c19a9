"""Suite `float16`: half precision, all operations."""

from golden.problem.kinds import FLOAT16, FORWARD, OPERATIONS
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
        *array_cases(TYPED, FLOAT16),
        *numerics(FLOAT16),
        *floating_tails(FLOAT16),
        *special_cases(FLOAT16),
        *short_cases(FLOAT16),
        *edges(FLOAT16, OPERATIONS),
        *refused(FLOAT16, (FORWARD,)),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*TYPED.coverage(" (and the gradients of a bias)"), *counted(cases)]


SUITE = Suite(
    name="float16",
    title="Half precision, all operations",
    description=(
        "Forward convolution and all three gradients in IEEE half precision. Sums of integer data stay below "
        "2^11, exact whatever accumulates them; real data has all 11 bits."
    ),
    cases=cases,
    coverage=coverage,
)
