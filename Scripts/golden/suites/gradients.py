"""Suite `gradients`: gradients of input, filter and bias, in float32."""

from golden.problem.kinds import FILTER_GRADIENT, FLOAT32, INPUT_GRADIENT, OPERATIONS
from golden.suites.counting import counted
from golden.suites.floating_arrays import GRADIENTS, array_cases
from golden.suites.gradient_faults import heavy, learning, reported, shared_sizes
from golden.suites.operand_edges import edges, refused
from golden.suites.operand_numerics import numerics
from golden.suites.operand_special_gradients import special_cases
from golden.suites.operand_tails import floating_tails
from golden.suites.suite import Suite
from golden.vectors.case import Case

BOTH = (INPUT_GRADIENT, FILTER_GRADIENT)


def cases() -> list[Case]:
    """List all cases."""
    return [
        *array_cases(GRADIENTS, FLOAT32),
        *learning(),
        *reported(),
        *shared_sizes(),
        *numerics(FLOAT32, BOTH),
        *floating_tails(FLOAT32, BOTH, largest=65),
        *special_cases(FLOAT32, "gradients"),
        *edges(FLOAT32, OPERATIONS[1:]),
        *refused(FLOAT32, BOTH),
        *heavy(),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*GRADIENTS.coverage(" (and the gradients of a bias)"), *counted(cases)]


SUITE = Suite(
    name="gradients",
    title="Gradients of input, filter and bias, in float32",
    description=(
        "Backward passes of the forward convolution in float32: of the input, whose size is given; of the filter, "
        "which sums over batch and image; of the bias."
    ),
    cases=cases,
    coverage=coverage,
)
