"""Real data spares honest float32 engines and convicts reduced precision, by the design's tolerance.

|got - want| <= (2 * sqrt(K) + 4) * u * M + u * |want| for each element, and over a case
rms(|got - want| / (u * M)) <= sqrt(K) / 3 + 1, with u = 2^-24 and K the number of terms.
"""

from collections.abc import Callable, Iterable, Iterator
from math import sqrt
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.answers.reference import group_slices, loop_over_taps, padded
from golden.suites import interactions, numerics
from golden.suites.suite import Suite
from golden.vectors.case import Case

U = 2.0**-24
SUITES = (interactions.SUITE, numerics.SUITE)


def real_cases(generated: Path, *suites: Suite) -> Iterator[tuple[Case, dict[str, np.ndarray]]]:
    """The cases of real data, with their datasets as they were written."""
    for suite in suites:
        with h5py.File(generated / f"{suite.name}.h5") as file:
            for case in suite.cases():
                if case.data == "real":
                    yield case, {name: values[...] for name, values in file["cases"][case.name].items()}


def ratio(got: np.ndarray, data: dict[str, np.ndarray], terms: int) -> float:
    """The largest error over what is allowed: 1 is the limit."""
    error, magnitude = np.abs(got - data["expected"]), data["magnitude"].astype(np.float64)
    allowed = (2 * sqrt(terms) + 4) * U * magnitude + U * np.abs(data["expected"])
    assert np.all(error[magnitude == 0] == 0)
    summed = magnitude > 0
    rms = sqrt(np.mean(np.square(error[summed] / (U * magnitude[summed])))) / (sqrt(terms) / 3 + 1)
    return max(rms, float(np.max(error[summed] / allowed[summed])))


def in_float32(case: Case, data: dict, order: Callable[[Iterable[int]], Iterable[int]]) -> np.ndarray:
    """The convolution in float32, one product after the other in a given order of (tap, channel)."""
    g = case.geometry
    image, weights = padded(data["input"], g), data["filter"]
    kh, kw, depth, _ = weights.shape
    _, rows, columns, _ = g.output
    (sh, sw), (dh, dw) = g.strides, g.dilations
    output = np.zeros(g.output, np.float32)
    for of_channels, of_filters in group_slices(g):
        channels, filters = image[..., of_channels], weights[..., of_filters]
        for k in order(range(kh * kw * depth)):
            p, q, c = np.unravel_index(k, (kh, kw, depth))
            under = channels[:, p * dh :: sh, q * dw :: sw, c][:, :rows, :columns, None]
            output[..., of_filters] += under * filters[p, q, c]
    return output + data["bias"] if "bias" in data else output


def rounded(values: np.ndarray, bits: int) -> np.ndarray:
    """float32 values with a significand cut to so many explicit bits, to nearest even."""
    dropped = np.uint32(23 - bits)
    raw = values.view(np.uint32)
    half = np.uint32((1 << (22 - bits)) - 1) + ((raw >> dropped) & np.uint32(1))
    return ((raw + half) >> dropped << dropped).view(np.float32)


@pytest.mark.parametrize("order", [iter, reversed], ids=["forwards", "backwards"])
def test_a_sequential_float32_sum_is_spared(generated: Path, order: Callable) -> None:
    worst = 0.0
    for case, data in real_cases(generated, *SUITES):
        terms = case.geometry.products + case.geometry.bias
        worst = max(worst, ratio(in_float32(case, data, order), data, terms))
    assert 0.1 < worst < 0.9


@pytest.mark.parametrize(("bits", "least"), [(10, 3), (7, 20)], ids=["tf32", "bfloat16"])
def test_inputs_cut_short_are_caught_in_every_case_of_numerics(generated: Path, bits: int, least: float) -> None:
    for case, data in real_cases(generated, numerics.SUITE):
        cut = [rounded(data[name], bits).astype(np.float64) for name in ("input", "filter")]
        got = loop_over_taps(*cut, data.get("bias"), case.geometry)
        terms = case.geometry.products + case.geometry.bias
        assert ratio(got, data, terms) > least, case.name
