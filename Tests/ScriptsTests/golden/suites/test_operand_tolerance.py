"""Real data of every type spares honest engines and convicts reduced precision, by the design's tolerance.

|got - want| <= (2 * sqrt(K) + 4) * u_a * M + u_o * |want| and half of the answer type's least number, with u_a the unit
roundoff of the accumulation, u_o that of the answer's type, K the number of terms.
"""

from collections.abc import Callable, Iterator
from math import sqrt
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.answers.relation import gathered
from golden.problem.kinds import LEAST_EXPONENT, SIGNIFICAND
from golden.suites import bfloat16, float16, float64, gradients, transposed
from golden.suites.suite import Suite
from golden.vectors.case import Case

Round = Callable[[np.ndarray], np.ndarray]
SUITES = {
    "float64": float64,
    "float16": float16,
    "bfloat16": bfloat16,
    "gradients": gradients,
    "transposed": transposed,
}


def real_cases(generated: Path, suite: Suite, tag: str) -> Iterator[tuple[Case, dict[str, np.ndarray]]]:
    with h5py.File(generated / f"{suite.name}.h5") as file:
        for case in suite.cases():
            if case.data == "real" and not case.is_digest and tag in ("", *case.all_tags):
                yield case, {name: values[...] for name, values in file["cases"][case.name].items()}


def to_bfloat16(values: np.ndarray) -> np.ndarray:
    """float32 values rounded to 8 bits, to nearest even."""
    raw = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((raw + np.uint32(0x7FFF) + ((raw >> np.uint32(16)) & np.uint32(1))) & np.uint32(0xFFFF0000)).view(
        np.float32
    )


ROUND: dict[str, Round] = {
    "float64": lambda values: values,
    "float32": lambda values: values.astype(np.float32),
    "float16": lambda values: values.astype(np.float16),
    "bfloat16": to_bfloat16,
}


def engine(case: Case, data: dict, accumulator: str, cut: Round | None = None, backwards: bool = False) -> np.ndarray:
    """The answer of an engine that adds product by product in a type, and rounds to the answer's type at last."""
    operands = {role: data[role] for role in ("input", "filter", "output", "bias") if role in data}
    if cut:
        operands = {role: cut(values).astype(values.dtype) for role, values in operands.items()}
    rounds = ROUND[accumulator]
    wide = np.float64 if accumulator == "float64" else np.float32

    def combine(table: np.ndarray, _: np.ndarray, matrix: np.ndarray, places: slice) -> np.ndarray:
        total = np.zeros((len(table), matrix.shape[1]), wide)
        for k in list(range(table.shape[1]))[:: -1 if backwards else 1]:
            product = rounds(table[:, k, None].astype(wide) * matrix[k].astype(wide)).astype(wide)
            total = rounds(total + product).astype(wide)
        return rounds(total + operands["bias"][places].astype(wide)) if "bias" in operands else total

    return ROUND[case.kind.output](gathered(case.kind, case.geometry, operands, combine)).astype(np.float64)


def ratio(case: Case, data: dict, got: np.ndarray, accumulator: str) -> float:
    """The largest error over what is allowed: 1 is the limit."""
    kind = case.kind.output
    unit, of_answer = 2.0 ** -SIGNIFICAND[accumulator], 2.0 ** -SIGNIFICAND[kind]
    terms = case.kind.products(case.geometry) + ("bias" in data)
    want, magnitude = data["expected"], data["magnitude"].astype(np.float64)
    allowed = (2 * sqrt(terms) + 4) * unit * magnitude + of_answer * np.abs(want)
    allowed += 2.0 ** (LEAST_EXPONENT[kind] - SIGNIFICAND[kind])
    assert np.all(got[allowed == 0] == want[allowed == 0])
    return float(np.max((np.abs(got - want) / np.where(allowed == 0, 1, allowed)), initial=0))


@pytest.mark.parametrize("name", SUITES)
def test_an_engine_that_adds_one_after_the_other_is_spared(generated: Path, name: str) -> None:
    worst = 0.0
    for turn, (case, data) in enumerate(real_cases(generated, SUITES[name].SUITE, "")):
        accumulator = "float64" if name == "float64" else "float32"
        got = engine(case, data, accumulator, backwards=turn % 2 == 1)
        worst = max(worst, ratio(case, data, got, accumulator))
    assert 0.1 < worst <= (1 if name in ("float16", "bfloat16") else 0.9)  # the answer's own rounding is all of it


def test_an_accumulator_of_16_bits_is_spared_where_it_is_declared_and_caught_where_not(generated: Path) -> None:
    caught = total = 0
    for case, data in real_cases(generated, float16.SUITE, "numerics"):
        got = engine(case, data, "float16")
        assert ratio(case, data, got, "float16") < 1, case.name
        total += 1
        caught += ratio(case, data, got, "float32") > 1
    assert caught > 0.9 * total


WRONG: dict[str, tuple[str, str, str, Round]] = {
    "float64 operands cut to float32": ("float64", "float64", "float64", ROUND["float32"]),
    "float64 in float32": ("float64", "float32", "float64", lambda values: values),
    "float16 through bfloat16": ("float16", "float32", "float32", lambda v: to_bfloat16(v.astype(np.float32))),
    "bfloat16 sums in bfloat16": ("bfloat16", "bfloat16", "float32", lambda values: values),
    "gradients through float16": ("gradients", "float32", "float32", ROUND["float16"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_reduced_precision_is_caught_by_most_cases_of_hard_data(generated: Path, name: str) -> None:
    suite, accumulator, declared, cut = WRONG[name]
    ratios = [
        ratio(case, data, engine(case, data, accumulator, cut), declared)
        for case, data in real_cases(generated, SUITES[suite].SUITE, "numerics")
    ]
    assert len(ratios) > 20
    assert sum(one > 1 for one in ratios) > 0.75 * len(ratios), sorted(ratios)[:8]


def test_sums_that_two_roundings_change_do_change_and_both_are_within_the_tolerance(generated: Path) -> None:
    for name in ("float16", "bfloat16"):
        rounds = ROUND[name]
        for case, data in real_cases(generated, SUITES[name].SUITE, "rounded-twice"):
            once = rounds_once(data["expected"], name)
            twice = rounds(data["expected"].astype(np.float32)).astype(np.float64)
            assert 0.2 < np.mean(once != twice) < 0.8, case.name
            for got in (once, twice):
                assert ratio(case, data, got, "float32") < 1


def rounds_once(values: np.ndarray, kind: str) -> np.ndarray:
    """float64 rounded to a type at once: what is nearer of two neighbours."""
    if kind == "float16":
        return values.astype(np.float16).astype(np.float64)
    _, exponent = np.frexp(values)
    unit = np.ldexp(1.0, exponent - SIGNIFICAND[kind])
    return np.rint(values / unit) * unit


def test_data_that_lies_beside_two_numbers_of_float16_overflows_for_one_engine_and_not_for_another(
    generated: Path,
) -> None:
    with h5py.File(generated / "float16.h5") as file:
        names = [name for name in file["cases"] if name.startswith(("overflow-threshold", "overflow-boundary"))]
        assert len(names) == 3
        for name in names:
            expected = file["cases"][name]["expected"][...]
            with np.errstate(over="ignore"):
                once = expected.astype(np.float16)
                twice = expected.astype(np.float32).astype(np.float16)
            threshold = "threshold" in name
            assert np.isinf(once).any() != threshold
            assert np.array_equal(once, twice) != threshold
            assert {65504.0, -65504.0} <= set(once.reshape(-1).tolist())
            if threshold:
                answer = file["cases"][name]["alternative"][0]
                assert np.array_equal(np.isinf(answer), np.isinf(twice))
