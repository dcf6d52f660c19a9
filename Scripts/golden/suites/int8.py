"""Suite `int8`: sums in int32 of int8 and uint8."""

from golden.suites.counting import counted
from golden.suites.integer_arrays import INTEGER_ARRAY, integer_array_cases
from golden.suites.integer_faults import integer_edges, integer_tails, sums, zero_points
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return [
        *integer_array_cases(),
        *sums(),
        *zero_points(),
        *integer_tails(quantized=False),
        *integer_edges(quantized=False),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*INTEGER_ARRAY.coverage(), *counted(cases)]


SUITE = Suite(
    name="int8",
    title="Sums in int32 of int8 and uint8",
    description=(
        "ONNX's ConvInteger: int8 and uint8, also mixed, over their whole range, with zero points of the input "
        "and of the filter, also one to each filter, summed in int32. Padding is the zero point."
    ),
    cases=cases,
    coverage=coverage,
)
