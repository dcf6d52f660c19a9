"""Cases of special data: NaN, infinities, signed zeros, subnormals, sums that overflow."""

import numpy as np

from golden.answers.ieee import sum_by_elements, sum_by_taps
from golden.answers.reference import demand_equal
from golden.drawing.families import Tensors
from golden.vectors.case import Case
from golden.vectors.degeneracy import degeneracies
from golden.vectors.vector import Vector, members, present


def special_vector(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    geometry = case.geometry
    image, weights, bias = tensors = case.tensors(seed)
    total = sum_by_taps(tensors, geometry)
    expected = total.to_float64()
    found = degeneracies(image, weights, bias, expected)
    refused = [kind for kind in found if kind not in case.allowed]
    if refused:
        return None, "degenerate: " + ", ".join(refused)
    with np.errstate(over="ignore"):  # beyond the largest float32 the float32 is an infinity, as it should be
        if total.finite.rounds_twice_wrongly():
            return None, "rounding to float64 and then to float32 differs from rounding to float32"
        demand_equal(expected, sum_by_elements(tensors, geometry), "output")
        magnitudes = magnitudes_of(tensors)
        magnitude = sum_by_taps(magnitudes, geometry)
        demand_equal(magnitude.to_float64(), sum_by_elements(magnitudes, geometry), "magnitude")
        scale = magnitude.to_float32_upwards()
    if case.check:
        case.check(tensors, expected)
    datasets = {
        "input": image,
        "filter": weights,
        "bias": bias,
        "expected": expected,
        # What is not finite has no scale; an infinite one says so.
        "magnitude": np.where(np.isfinite(expected), scale, np.float32(np.inf)),
    }
    stored = members(case, seed, bias, found)
    if case.alternative:
        answers = case.alternative.answers(tensors, geometry, expected)
        datasets["alternative"] = np.stack(list(answers.values()))  # [answers, batch, rows, columns, filters]
        stored |= {
            "choice": case.alternative.choice,
            "expected_meaning": case.alternative.expected_meaning,
            "alternative_meaning": list(answers),
        }
    return Vector(stored, present(datasets)), ""


def magnitudes_of(tensors: Tensors) -> Tensors:
    """Return the absolute values of (input, filter, bias)."""
    image, weights, bias = tensors
    return np.abs(image), np.abs(weights), None if bias is None else np.abs(bias)
