"""The suites, in the order in which they are listed and run. A new one is a module here and a line below."""

from golden.suites import (
    bfloat16,
    degenerate,
    examples,
    float16,
    float64,
    gradients,
    grid,
    int8,
    interactions,
    invalid,
    networks,
    numerics,
    quantized,
    regressions,
    scales,
    special,
    tails,
    transposed,
)
from golden.suites.suite import Suite

ALL: tuple[Suite, ...] = (
    examples.SUITE,
    grid.SUITE,
    interactions.SUITE,
    tails.SUITE,
    numerics.SUITE,
    scales.SUITE,
    regressions.SUITE,
    special.SUITE,
    degenerate.SUITE,
    invalid.SUITE,
    networks.SUITE,
    float64.SUITE,
    float16.SUITE,
    bfloat16.SUITE,
    int8.SUITE,
    quantized.SUITE,
    gradients.SUITE,
    transposed.SUITE,
)
