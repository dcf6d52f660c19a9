"""Answers of the files, derived anew from nothing but what is stored, by the definition in fractions."""

from fractions import Fraction
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.problem.kinds import RANGE
from golden_definition import defined
from golden_setup import rows

SUITES = ("float64", "float16", "bfloat16", "int8", "quantized", "gradients", "transposed")
WORK = 6_000  # products of a case at most
STEP = 5


@pytest.mark.parametrize("suite", SUITES)
def test_every_fifth_small_case_has_the_answer_of_the_definition(generated: Path, suite: str) -> None:
    judged = set()
    with h5py.File(generated / f"{suite}.h5") as file:
        found = rows(file)
        for name in sorted(found)[::STEP]:
            row, case = found[name], {key: values[...] for key, values in file["cases"][name].items()}
            if row["expect"] != "output" or "expected" not in case or not np.isfinite(case["expected"]).all():
                continue
            if work(row, case) > WORK:
                continue
            demand_true(row, case, name)
            judged.add(row.get("operation", "forward"))
    assert len(judged) == {"int8": 1, "quantized": 1, "transposed": 1, "gradients": 3}.get(suite, 4)


def work(row: dict, case: dict) -> int:
    kh, kw, depth, _ = row["filter_shape"]
    outputs = case["output"].size if "output" in case else case["expected"].size
    return int(kh * kw * depth * outputs)


def demand_true(row: dict, case: dict, name: str) -> None:
    operation = row.get("operation", "forward")
    operands = {role: case[role] for role in ("input", "filter", "output") if role in case}
    for role in ("input", "filter"):
        if f"{role}_zero_point" in case:
            operands[role] = operands[role].astype(int) - case[f"{role}_zero_point"]
    sums = defined(operation, row, operands)
    magnitudes = defined(operation, row, {role: np.abs(values) for role, values in operands.items()})
    for index, wanted in np.ndenumerate(case["expected"]):
        bias = Fraction(float(case["bias"][index[-1]])) if "bias" in case else Fraction(0)
        total = sums.get(index, Fraction(0)) + bias
        if "output_scale" in case:
            total = quantized(row, case, total, index)
        assert wanted == float(total), (name, index)
        if "magnitude" in case:
            summed = magnitudes.get(index, Fraction(0)) + abs(bias)
            demand_least_above(case["magnitude"][index], summed)
        else:
            assert row["output_type"] in RANGE


def demand_least_above(stored: np.float32, summed: Fraction) -> None:
    """A magnitude is the least float32 that is not below; infinite beyond the largest."""
    assert np.isinf(stored) or Fraction(float(stored)) >= summed
    below = np.nextafter(stored, np.float32(-1))
    assert summed > Fraction(float(below))


def quantized(row: dict, case: dict, total: Fraction, index: tuple[int, ...]) -> int:
    scales = np.broadcast_to(case["filter_scale"], int(row["filter_shape"][3]))
    scale = Fraction(float(case["input_scale"][0])) * Fraction(float(scales[index[-1]]))
    value = total * scale / Fraction(float(case["output_scale"][0]))
    if "ties" not in row["tags"]:
        assert abs(value % 1 - Fraction(1, 2)) >= Fraction(1, 2**8) + abs(value) / 2**20
    least, largest = RANGE[row["output_type"]]
    return min(max(round(value) + int(case["output_zero_point"][0]), least), largest)
