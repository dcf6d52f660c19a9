"""Special data against float32 engines, with and without subnormals, and against IEEE 754's rules themselves."""

from collections.abc import Callable
from math import inf, isnan, nan
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.answers import ieee
from golden.answers.alternatives import (
    CHOICES,
    INTERMEDIATE_OVERFLOW,
    PADDING_TIMES_INFINITY,
    SUBNORMAL_FLUSH,
    TIE_ROUNDING,
)
from golden.drawing.operands import Operands
from golden.problem.geometry import EXPLICIT, SAME_UPPER, Geometry
from golden.problem.kinds import PLAIN
from golden.suites import special
from golden.suites.special_problem import ALL, Special
from golden.vectors import build as building
from golden.vectors.build import CaseError, Vector, build
from golden.vectors.case import Case
from golden_setup import rows

SMALLEST_NORMAL = np.finfo(np.float32).tiny
Vectors = list[tuple[Case, Vector]]


@pytest.fixture(scope="module")
def vectors(generated: Path) -> Vectors:
    """The cases of the suite, as they are stored."""
    with h5py.File(generated / "special.h5") as file:
        found = rows(file)
        datasets = {name: {d: v[...] for d, v in case.items()} for name, case in file["cases"].items()}
    return [(case, Vector(found[case.name], datasets[case.name])) for case in special.cases()]


def kept(values: np.ndarray) -> np.ndarray:
    return values


def flushed(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) < SMALLEST_NORMAL, np.float32(0), values)


def engine(
    vector: Vector,
    multiplies_pads: bool,
    order: int = 1,
    operand: Callable = kept,
    result: Callable = kept,
) -> np.ndarray:
    """A float32 convolution, one product after the other; `operand` and `result` say what becomes of subnormals.

    All elements of the output are summed at once, each on its own.
    """
    data, members = vector.datasets, vector.members
    image, weights, bias = operand(data["input"]), operand(data["filter"]), data.get("bias")
    kh, kw, depth, filters = weights.shape
    _, rows, columns, _ = shape = data["expected"].shape
    (sh, sw), (dh, dw) = members["strides"], members["dilations"]
    top, _, left, _ = members["pads"]
    first = np.arange(filters) // (filters // int(members["groups"])) * depth
    total = np.broadcast_to(np.float32(0) if bias is None else operand(bias), shape)
    for p, q, c in list(np.ndindex(kh, kw, depth))[::order]:
        y, x = np.arange(rows) * sh + p * dh - top, np.arange(columns) * sw + q * dw - left
        met = ((y >= 0) & (y < image.shape[1]))[:, None] & ((x >= 0) & (x < image.shape[2]))
        under = image[:, y.clip(0, image.shape[1] - 1)[:, None], x.clip(0, image.shape[2] - 1)][..., first + c]
        is_inside = met[None, :, :, None]
        product = operand(result(np.where(is_inside, under, np.float32(0)) * weights[p, q, c]))
        total = np.where(is_inside | multiplies_pads, operand(result(total + product)), total)
    return total


def is_answer(got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where float32 answers are as wanted: NaN where NaN is, infinities likewise, else within rounding of the sum."""
    with np.errstate(all="ignore"):
        wanted = wanted.astype(np.float32).astype(np.float64)
        error = np.abs(got - wanted)
    same = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
    is_close = np.isfinite(got) & np.isfinite(wanted) & (error <= 1e-5 * np.abs(wanted))
    return same | is_close


ENGINES = {
    "direct": {"multiplies_pads": False},
    "direct backwards": {"multiplies_pads": False, "order": -1},
    "im2col": {"multiplies_pads": True},
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_a_right_engine_gives_one_of_the_answers_everywhere(vectors: Vectors, name: str) -> None:
    for case, vector in vectors:
        got = engine(vector, **ENGINES[name]).astype(np.float64)
        right = is_answer(got, vector.datasets["expected"])
        for answer in vector.datasets.get("alternative", ()):
            right |= is_answer(got, answer)
        assert right.all(), (case.name, np.argwhere(~right)[0])


def test_every_choice_is_taken_both_ways_by_some_engine(vectors: Vectors) -> None:
    taken = {choice.choice: set() for choice in (PADDING_TIMES_INFINITY, SUBNORMAL_FLUSH, INTERMEDIATE_OVERFLOW)}
    for case, vector in vectors:
        if case.alternative:
            data = vector.datasets
            for answer in data["alternative"]:
                open_ = ~is_answer(data["expected"], answer)
                assert open_.any()
                with np.errstate(all="ignore"):
                    for options in (*ENGINES.values(), {"multiplies_pads": False, "operand": flushed}):
                        got = engine(vector, **options).astype(np.float64)[open_]
                        names = {"expected": data["expected"], "alternative": answer}
                        given = {name for name, values in names.items() if is_answer(got, values[open_]).all()}
                        taken[case.alternative.choice] |= given
    assert all(ways == {"expected", "alternative"} for ways in taken.values()), taken


def test_most_outputs_are_finite_and_magnitudes_infinite_where_they_are_not(vectors: Vectors) -> None:
    for case, vector in vectors:
        expected, magnitude = vector.datasets["expected"], vector.datasets["magnitude"]
        assert np.isfinite(expected).mean() >= 0.5, case.name
        assert not np.isnan(magnitude).any()
        assert np.isinf(magnitude[~np.isfinite(expected)]).all()
        assert (magnitude >= np.where(np.isfinite(expected), np.abs(expected), 0)).all()


def both_sums(geometry: Geometry, operands: Operands) -> tuple[np.ndarray, np.ndarray]:
    by_taps = ieee.sum_by_taps(PLAIN, geometry, operands).to_float64()
    return by_taps, ieee.sum_by_elements(PLAIN, geometry, operands)


def test_nan_reaches_the_windows_that_see_it_and_no_other() -> None:
    geometry = Geometry((1, 5, 6, 2), (2, 3, 2, 2), (1, 2), (2, 1), EXPLICIT, (1, 0, 2, 1))
    image, weights = np.ones(geometry.input, np.float32), np.ones(geometry.filter, np.float32)
    image[0, 3, 1, 1] = nan
    seen = np.zeros(geometry.output, bool)
    for _, i, j, o in np.ndindex(geometry.output):
        seen[0, i, j, o] = any(i + 2 * p - 1 == 3 and 2 * j + q - 2 == 1 for p in range(2) for q in range(3))
    for sums in both_sums(geometry, {"input": image, "filter": weights}):
        assert np.array_equal(np.isnan(sums), seen)


@pytest.mark.parametrize(
    ("x", "w", "bias", "sum_"),
    [
        ([inf, 1], [2, 1], None, inf),
        ([inf, 1], [-2, 1], None, -inf),
        ([-inf, 1], [-2, 1], None, inf),
        ([inf, 1], [0, 1], None, nan),
        ([0, 1], [inf, 1], None, nan),
        ([-0.0, 1], [-inf, 1], None, nan),
        ([inf, inf], [1, -1], None, nan),
        ([inf, inf], [1, 1], None, inf),
        ([inf, nan], [1, 1], None, nan),
        ([1, 1], [nan, 1], None, nan),
        ([inf, -inf], [inf, -inf], None, inf),
        ([inf, 1], [-inf, 1], None, -inf),
        ([1, 1], [1, 1], inf, inf),
        ([inf, 1], [1, 1], -inf, nan),
        ([1, 1], [1, 1], nan, nan),
        ([3e38, 3e38], [1, 1], None, 2 * float(np.float32(3e38))),
        ([-0.0, 0.0], [1, -1], -0.0, 0.0),
        ([2.0**-149, 1], [1, 0], None, 2.0**-149),
        ([2.0**-149, 1], [2.0**-149, 0], None, 2.0**-298),
    ],
)
def test_one_sum_by_both_formulations(x: list, w: list, bias: float | None, sum_: float) -> None:
    geometry = Geometry((1, 1, 1, 2), (1, 1, 2, 1), bias=bias is not None)
    operands: Operands = {
        "input": np.array(x, np.float32).reshape(1, 1, 1, 2),
        "filter": np.array(w, np.float32).reshape(1, 1, 2, 1),
    } | ({} if bias is None else {"bias": np.array([bias], np.float32)})
    for sums in both_sums(geometry, operands):
        got = sums[0, 0, 0, 0]
        assert got == sum_ or (isnan(got) and isnan(sum_))


def test_padding_is_no_term_but_may_be_multiplied() -> None:
    geometry = Geometry((1, 2, 3, 1), (3, 3, 1, 1), padding=SAME_UPPER)
    image, weights = np.ones(geometry.input, np.float32), np.ones(geometry.filter, np.float32)
    weights[0, 0, 0, 0] = inf
    operands = {"input": image, "filter": weights}
    expected, _ = both_sums(geometry, operands)
    assert expected[0, :, :, 0].tolist() == [[4, 6, 4], [4, inf, inf]]
    (answer,) = PADDING_TIMES_INFINITY.answers(PLAIN, geometry, operands, expected).values()
    second = answer[0, :, :, 0]
    assert np.array_equal(second, [[nan, nan, nan], [nan, inf, inf]], equal_nan=True)


def test_a_choice_without_a_choice_is_refused() -> None:
    geometry = Geometry((1, 4, 5, 2), (2, 2, 2, 3))
    tensors = building.finite_vector(Case("case", geometry, "A case."), 1)[0].datasets
    operands = {role: tensors[role] for role in ("input", "filter")}
    for choice in CHOICES:
        if choice is not TIE_ROUNDING:
            with pytest.raises(ValueError, match="nothing to choose"):
                choice.answers(PLAIN, geometry, operands, tensors["expected"])


def test_mostly_infinite_data_is_refused() -> None:
    geometry = Geometry((1, 4, 5, 2), (2, 2, 2, 3))
    problem = Special("some", geometry, "A case.", ("nan",), filter={(0, 0, 0, ALL): nan})
    with pytest.raises(CaseError, match="0 of 36 outputs are finite"):
        build("special", problem.case())
