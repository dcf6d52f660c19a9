"""Suite `float64`: double precision, all operations."""

from golden.problem.kinds import FLOAT64, FORWARD, OPERATIONS
from golden.suites.counting import counted
from golden.suites.floating_arrays import TYPED, array_cases
from golden.suites.operand_edges import edges, refused
from golden.suites.operand_numerics import numerics
from golden.suites.operand_special_gradients import special_cases
from golden.suites.operand_tails import floating_tails
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return [
        *array_cases(TYPED, FLOAT64),
        *numerics(FLOAT64),
        *floating_tails(FLOAT64),
        *special_cases(FLOAT64),
        *edges(FLOAT64, OPERATIONS),
        *refused(FLOAT64, (FORWARD,)),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*TYPED.coverage(" (and the gradients of a bias)"), *counted(cases)]


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
