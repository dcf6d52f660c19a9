"""Suite `quantized`: answers in int8 and uint8, by scales."""

from golden.suites.counting import counted
from golden.suites.integer_arrays import QUANTIZED_ARRAY, quantized_array_cases
from golden.suites.integer_faults import integer_edges, integer_tails, scales, ties
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return [
        *quantized_array_cases(),
        *scales(),
        *ties(),
        *integer_tails(quantized=True),
        *integer_edges(quantized=True),
    ]


def coverage(cases: list[Case]) -> list[str]:
    """Prove what the covering array covers, and say how many cases there are of each kind."""
    return [*QUANTIZED_ARRAY.coverage(), *counted(cases)]


SUITE = Suite(
    name="quantized",
    title="Answers in int8 and uint8, by scales",
    description=(
        "ONNX's QLinearConv and TFLite's convolution: int8 and uint8 with zero points, and scales that are one "
        "for all or one to each filter. No value lies near the middle between two answers, so that float32 and "
        "fixed-point multipliers give the same, but for the cases about ties."
    ),
    cases=cases,
    coverage=coverage,
)
