"""The suites, in the order in which they are listed and run. A new one is a module here and a line below."""

from golden.suites import (
    degenerate,
    examples,
    grid,
    interactions,
    invalid,
    networks,
    numerics,
    regressions,
    scales,
    special,
    tails,
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
)
