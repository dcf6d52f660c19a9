"""Suite `gradients`: gradients of input, filter and bias, in float32."""

from golden.problem.kinds import FLOAT32
from golden.suites.floating_arrays import GRADIENTS, array_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return array_cases(GRADIENTS, FLOAT32)


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return GRADIENTS.coverage(" (and the gradients of a bias)")


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
