"""From a case to its tensors: draw, refuse what is degenerate, compute twice, round once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.case import Case
from golden.degenerate import degeneracies
from golden.reference import exact_sum, patches_times_matrix
from golden.streams import case_seed

ATTEMPTS = 1000


class CaseError(Exception):
    """A case that cannot be made: degenerate, contradicting a publication, or beyond exact arithmetic."""


@dataclass(frozen=True)
class Vector:
    """A case with its data, as it is stored: attributes and datasets by name."""

    name: str
    attributes: dict[str, object]
    datasets: dict[str, NDArray]


def build(suite: str, case: Case) -> Vector:
    """Return a case's vector; raises CaseError where it cannot be made."""
    identifier = f"{suite}/{case.name}"
    try:
        for attempt in range(ATTEMPTS):
            seed = 0 if case.given else case_seed(identifier, attempt)
            vector, refusal = try_seed(case, seed)
            if vector:
                return vector
            if case.given:
                break
    except (ArithmeticError, ValueError) as error:
        raise CaseError(f"{identifier}: {error}") from error
    raise CaseError(f"{identifier}: {refusal}")


def try_seed(case: Case, seed: int) -> tuple[Vector | None, str]:
    """Return the vector that a seed gives, or None and why it is refused."""
    geometry = case.geometry
    image, weights, bias = tensors = case.tensors(seed)
    exact = exact_sum(image, weights, bias, geometry)
    expected = exact.to_float64()
    found = degeneracies(image, weights, expected)
    refused = [kind for kind in found if kind not in case.allowed]
    if refused:
        return None, "degenerate: " + ", ".join(refused)
    if exact.rounds_twice_wrongly():
        return None, "rounding to float64 and then to float32 differs from rounding to float32"
    magnitudes = tuple(None if tensor is None else np.abs(tensor) for tensor in tensors)
    magnitude = exact_sum(*magnitudes, geometry)
    demand_equal(expected, patches_times_matrix(*tensors, geometry), "output")
    demand_equal(magnitude.to_float64(), patches_times_matrix(*magnitudes, geometry), "magnitude")
    if case.data == "integer" and magnitude.exceeds(np.float64(2**24 - 1)).any():
        raise CaseError(f"{case.name}: integer data whose sums can exceed 2^24 are not exact in float32")
    if case.check:
        case.check(tensors, expected)
    datasets = {
        "input": image,
        "filter": weights,
        "bias": bias,
        "expected": expected,
        "magnitude": magnitude.to_float32_upwards(),
    }
    stored = {name: values for name, values in datasets.items() if values is not None}
    return Vector(case.name, attributes(case, seed, found), stored), ""


def demand_equal(taps: NDArray, patches: NDArray, what: str) -> None:
    """Raise ArithmeticError unless both formulations agree bit for bit (-0 equals 0)."""
    if not np.array_equal(taps, patches):
        index = tuple(int(i) for i in np.argwhere(taps != patches)[0])
        raise ArithmeticError(f"{what}{list(index)}: {taps[index]!r} by taps, {patches[index]!r} by patches")


def attributes(case: Case, seed: int, found: list[str]) -> dict[str, object]:
    """Return a case's attributes, format version 1."""
    geometry = case.geometry
    return {
        "strides": np.array(geometry.strides, np.int64),
        "dilations": np.array(geometry.dilations, np.int64),
        "padding": geometry.padding,
        "pads": np.array(geometry.pads, np.int64),
        "groups": np.int64(geometry.groups),
        "data": case.data,
        "expect": "output",
        "seed": np.uint64(seed),
        "tags": case.all_tags,
        "note": case.full_note(found),
    } | ({"source": case.source} if case.source else {})
