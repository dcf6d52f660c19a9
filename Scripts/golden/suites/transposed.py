"""Suite `transposed`: transposed convolutions, which are gradients of the input, in float32."""

from golden.suites.suite import Suite
from golden.suites.transposed_array import ARRAY, array_cases
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return array_cases()


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return ARRAY.coverage()


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
