"""The suites of types and operations: their arrays are whole, and each has what it was asked for."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.answers.alternatives import CHOICES
from golden.problem.kinds import OPERATIONS
from golden.suites import (
    bfloat16,
    float16,
    float64,
    floating_arrays,
    gradients,
    int8,
    integer_arrays,
    quantized,
    special,
    transposed,
    transposed_array,
    transposed_examples,
)
from golden.suites.arrays import Array
from golden.suites.suite import Suite
from golden.vectors.build import CaseError, build
from golden.vectors.case import REJECTION, REJECTION_OR_EMPTY
from golden_setup import rows

ARRAYS = {
    "floating": floating_arrays.TYPED,
    "gradients": floating_arrays.GRADIENTS,
    "integer": integer_arrays.INTEGER_ARRAY,
    "quantized": integer_arrays.QUANTIZED_ARRAY,
    "transposed": transposed_array.ARRAY,
}
FLOATING = (float64.SUITE, float16.SUITE, bfloat16.SUITE)
NEW = (*FLOATING, int8.SUITE, quantized.SUITE, gradients.SUITE, transposed.SUITE)


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_covers_all_with_the_rows_that_are_written_down(name: str) -> None:
    array = ARRAYS[name]
    assert array.proof.covered == array.proof.possible > 1500
    assert len(array.all_rows) == len(array.rows.split())


def test_rows_that_lack_something_are_completed_and_kept() -> None:
    array = ARRAYS["gradients"]
    rows_left = array.rows.split()[:-4]
    shorter = Array(array.factors, array.constraints, " ".join(rows_left))
    assert shorter.all_rows[: len(rows_left)] == array.all_rows[: len(rows_left)]
    assert len(shorter.all_rows) > len(rows_left)
    assert shorter.proof.covered == shorter.proof.possible


@pytest.mark.parametrize("suite", NEW, ids=lambda suite: suite.name)
def test_a_suite_says_its_operation_and_type_in_tags(suite: Suite) -> None:
    for case in suite.cases():
        kind = case.kind
        assert {kind.operation, kind.input, kind.filter, kind.output} <= set(case.all_tags), case.name
        assert ("quantized" in case.all_tags) == (suite.name == "quantized")
        assert ("transposed" in case.all_tags) == (suite.name == "transposed")


@pytest.mark.parametrize("suite", FLOATING, ids=lambda suite: suite.name)
def test_a_floating_suite_has_every_operation_family_and_kind(suite: Suite) -> None:
    cases = suite.cases()
    assert {case.kind.operation for case in cases} == set(OPERATIONS)
    assert {case.kind.output for case in cases} == {suite.name}
    for operation in OPERATIONS:
        assert {case.data for case in cases if case.kind.operation == operation} == {"integer", "real", "special"}
    tags = {tag for case in cases for tag in case.tags}
    assert tags >= {
        "nan",
        "infinity",
        "subnormal",
        "negative-zero",
        "overflow",
        "tail",
        "numerics",
        "degenerate",
        "invalid",
    }


@pytest.mark.parametrize("suite", (*FLOATING, gradients.SUITE, quantized.SUITE), ids=lambda suite: suite.name)
def test_cases_with_choices_are_made_as_they_are_stored(generated: Path, suite: Suite) -> None:
    chosen = [case for case in suite.cases() if case.alternative]
    assert chosen
    with h5py.File(generated / f"{suite.name}.h5") as file:
        for case in chosen:
            stored, made = file["cases"][case.name], build(suite.name, case).datasets
            assert np.array_equal(stored["alternative"][...], made["alternative"], equal_nan=True)
            both = zip(made["alternative"], [made["expected"]] * len(made["alternative"]), strict=True)
            assert not any(np.array_equal(*answers, equal_nan=True) for answers in both)


def test_every_choice_is_left_open_somewhere() -> None:
    left = {case.alternative.choice for suite in (special.SUITE, *NEW) for case in suite.cases() if case.alternative}
    assert left == {choice.choice for choice in CHOICES}


def test_gradients_sum_up_to_a_hundred_thousand_products() -> None:
    heavy = [case for case in gradients.SUITE.cases() if case.is_digest]
    assert max(case.kind.products(case.geometry) for case in heavy) >= 100_000
    assert {case.kind.operation for case in heavy} == set(OPERATIONS[1:])
    expectations = {case.expect for suite in NEW for case in suite.cases()}
    assert {REJECTION, REJECTION_OR_EMPTY} < expectations


def test_transposed_convolutions_have_gaps_output_padding_and_every_stride() -> None:
    geometries = [case.geometry for case in transposed.SUITE.cases()]
    assert {stride for g in geometries for stride in g.strides} >= {1, 2, 3, 4}
    assert any(g.strides[0] > g.extent[0] and g.strides[1] > g.extent[1] for g in geometries)
    left_over = [(g.input[1] + sum(g.pads[:2]) - g.extent[0]) % g.strides[0] for g in geometries]
    assert {0, 1, 2, 3} <= set(left_over)
    assert {g.padding for g in geometries} == {"VALID", "SAME_UPPER", "SAME_LOWER", "EXPLICIT"}
    assert any(min(g.pads) < 0 for g in geometries)
    assert any(g.bias for g in geometries)


@pytest.mark.parametrize("case", transposed_examples.examples()[:-1], ids=lambda case: case.name)
def test_a_published_answer_that_does_not_hold_is_noticed(case: object) -> None:
    build("transposed", case)
    wrong = {role: values.copy() for role, values in case.given.items()}
    wrong["filter"] += 1
    with pytest.raises(CaseError, match="contradicts what was published"):
        build("transposed", replace(case, given=wrong))


def test_two_neighbouring_heights_share_an_output_and_have_gradients_of_their_own(generated: Path) -> None:
    shared = [case for case in gradients.SUITE.cases() if case.name.startswith("shared-size")]
    outputs = [case.geometry.output for case in shared]
    assert len(set(outputs)) < len(outputs)
    with h5py.File(generated / "gradients.h5") as file:
        unmet = 0
        for case in shared:
            expected = file["cases"][case.name]["expected"][...]
            assert expected.shape == case.geometry.input
            unmet += not np.any(expected[:, -1])
    assert unmet > 0


def test_integer_suites_have_every_pair_of_types_and_zero_points_that_matter(generated: Path) -> None:
    for suite in (int8.SUITE, quantized.SUITE):
        with h5py.File(generated / f"{suite.name}.h5") as file:
            found = rows(file)
            pairs, ends, per_filter = set(), set(), 0
            for name, row in found.items():
                pairs.add((row["input_type"], row["filter_type"]))
                group = file["cases"][name]
                ends.add((row["input_type"], int(group["input_zero_point"][0])))
                per_filter += "per-filter" in row["tags"]
            assert pairs == {(x, w) for x in ("int8", "uint8") for w in ("int8", "uint8")}
            assert ends >= {("int8", -128), ("int8", 127), ("uint8", 255), ("int8", 0), ("uint8", 0)}
            assert per_filter > 40


def test_sums_reach_the_limits_of_short_accumulators(generated: Path) -> None:
    with h5py.File(generated / "int8.h5") as file:
        largest = {
            name: float(np.abs(case["expected"]).max())
            for name, case in file["cases"].items()
            if "expected" in case and case["expected"].size
        }
        beyond = [name for name in largest if name.startswith("beyond-24-bits")]
        assert len(beyond) == 8
        for name in beyond:
            sums = file["cases"][name]["expected"][...]
            assert np.abs(sums).min() > 2**24
            assert 0.3 < np.mean(sums % 2) < 0.7
        near = [name for name in largest if name.startswith("near-2-to-31")]
        assert all(2**31 - 2**24 < largest[name] < 2**31 for name in near)
        pairs = next(
            case for name, case in file["cases"].items() if name.startswith("pairs") and case["filter"].shape[2] > 1
        )
        two = pairs["input"][0, 0, 0, :2].astype(int) * pairs["filter"][0, 0, :2, 0]
        assert two.sum() > 2**15
