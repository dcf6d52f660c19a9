"""Suite `quantized`: answers in int8 and uint8, by scales."""

from golden.suites.integer_arrays import QUANTIZED_ARRAY, quantized_array_cases
from golden.suites.suite import Suite
from golden.vectors.case import Case


def cases() -> list[Case]:
    """List all cases."""
    return quantized_array_cases()


def coverage(_: list[Case]) -> list[str]:
    """Prove what the covering array covers."""
    return QUANTIZED_ARRAY.coverage()


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
