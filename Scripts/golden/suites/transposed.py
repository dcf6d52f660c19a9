"""Suite `transposed`: transposed convolutions, which are gradients of the input, in float32."""

from golden.suites.counting import counted
from golden.suites.suite import Suite
from golden.suites.transposed_array import ARRAY, array_cases
from golden.suites.transposed_examples import examples
from golden.suites.transposed_faults import transposed_faults, transposed_layers, transposed_tails
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return [*examples(), *array_cases(), *transposed_faults(), *transposed_tails(), *transposed_layers()]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*ARRAY.coverage(), *counted(cases)]


SUITE = Suite(
    name="transposed",
    title="Transposed convolutions, in float32",
    description=(
        "tf.nn.conv2d_transpose and ConvTranspose2d: gradients of the input, as what they are used for. The input "
        "is the transposed convolution's output, so that output padding follows from its size."
    ),
    cases=cases,
    coverage=coverage,
)
