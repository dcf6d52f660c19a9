"""Cases of any operation and type: what does not fit is refused by name, and digests follow from what is stored."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from golden.drawing.operands import Operands, draw_integer_operands
from golden.problem.geometry import SAME_UPPER, Geometry
from golden.problem.kinds import BIAS_GRADIENT, FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, OPERATIONS, TAKES_BIAS, Kind
from golden.suites.integer_data import MIDDLE, PER_FILTER, Setting
from golden.suites.operand_edges import refused_by
from golden.vectors import degeneracy, operand_digests
from golden.vectors.build import CaseError, build
from golden.vectors.case import REJECTION, Case
from golden_definition import defined, problem

GEOMETRY = Geometry((2, 5, 6, 4), (3, 2, 2, 6), (2, 1), padding=SAME_UPPER, groups=2, bias=True)
HALF, QUANTIZED = Kind.floating(FORWARD, "float16"), Kind(FORWARD, "uint8", "int8", "int8")
SUMS = Kind(FORWARD, "int8", "uint8", "int32")


def floating() -> Operands:
    return draw_integer_operands(GEOMETRY, HALF, 5)


def quantized() -> Operands:
    return Setting(MIDDLE, PER_FILTER, scales_per_filter=True).draw_quantized(GEOMETRY, QUANTIZED, 5)


def given(kind: Kind, operands: Operands, **rest: object) -> Case:
    return Case("case", GEOMETRY, "A case.", kind=kind, given=operands, **rest)


def changed(operands: Operands, name: str, change: Callable) -> Operands:
    return operands | {name: change(operands[name])}


def with_first(values: np.ndarray, value: float) -> np.ndarray:
    values = values.copy()
    values.reshape(-1)[0] = value
    return values


WRONG = {
    "another type": (HALF, lambda: changed(floating(), "filter", np.float32), "filter is float32"),
    "another shape": (
        HALF,
        lambda: changed(floating(), "bias", lambda b: b[1:]),
        r"bias is float16 \[5\], and must be",
    ),
    "an operand too few": (
        HALF,
        lambda: {"input": floating()["input"]},
        "the operands are input, and must be bias, filter",
    ),
    "an operand too many": (
        HALF,
        lambda: floating() | {"output": np.zeros(3)},
        "the operands are bias, filter, input, output",
    ),
    "no bfloat16": (
        Kind.floating(FORWARD, "bfloat16"),
        lambda: changed(
            {r: v.astype(np.float32) for r, v in floating().items()}, "input", lambda x: with_first(x, 257)
        ),
        "input holds a number that bfloat16 has not",
    ),
    "a scale of zero": (
        QUANTIZED,
        lambda: changed(quantized(), "input_scale", lambda s: s * 0),
        "input_scale is float32",
    ),
    "an infinite scale": (
        QUANTIZED,
        lambda: changed(quantized(), "filter_scale", lambda s: with_first(s, np.inf)),
        "filter_scale is float32",
    ),
    "a zero point outside": (
        QUANTIZED,
        lambda: changed(quantized(), "input_zero_point", lambda z: with_first(z, -1)),
        r"input_zero_point is int32 \[-1\], which is none of a uint8",
    ),
    "too many zero points": (
        QUANTIZED,
        lambda: changed(quantized(), "filter_zero_point", lambda z: z[1:]),
        r"filter_zero_point has the shape \[5\]",
    ),
    "no zero point": (
        QUANTIZED,
        lambda: {name: values for name, values in quantized().items() if name != "output_zero_point"},
        "there are",
    ),
    "a scale too many": (SUMS, lambda: with_a_scale(), "there are"),
}


def with_a_scale() -> Operands:
    plain = replace(GEOMETRY, bias=False)
    return Setting().draw_integers(plain, SUMS, 1) | {"input_scale": np.float32([1])}


@pytest.mark.parametrize("name", WRONG)
def test_operands_that_do_not_fit_are_refused_by_name(name: str) -> None:
    kind, operands, message = WRONG[name]
    case = given(kind, operands())
    if kind is SUMS:
        case = replace(case, geometry=replace(GEOMETRY, bias=False))
    with pytest.raises(CaseError, match=f"suite/case: {message}"):
        build("suite", case)


def test_operands_that_fit_are_taken() -> None:
    allowed = dict.fromkeys(degeneracy.KINDS, "whatever")
    assert "magnitude" in build("suite", given(HALF, floating(), allowed=allowed)).datasets
    found = build("suite", given(QUANTIZED, quantized(), allowed=allowed))
    assert "magnitude" not in found.datasets
    assert found.members["input_type"] == "uint8"
    assert "operation" not in found.members


def test_integer_data_that_is_not_exact_in_its_type_is_refused() -> None:
    large = changed(floating(), "input", lambda x: (x * np.float16(16)).astype(np.float16))
    with pytest.raises(CaseError, match="sums of integer data can exceed 2048, and are not exact in float16"):
        build("suite", given(HALF, large))


def test_real_data_with_an_answer_that_is_subnormal_in_its_type_is_refused() -> None:
    """Some engines flush those to zero, which is open in special data alone."""
    kind, geometry = Kind.floating(FORWARD, "float16"), Geometry((1, 1, 2, 2), (1, 1, 2, 1))
    near = {
        "input": np.array([1, 2.0**-10, 0.5, 0.25], np.float16).reshape(geometry.input),
        "filter": np.array([2.0**-10, -1 + 2.0**-5], np.float16).reshape(geometry.filter),
    }
    case = Case("case", geometry, "A case.", data="real", kind=kind, given=near)
    with pytest.raises(CaseError, match="an answer is subnormal in float16"):
        build("suite", case)


def test_a_quantized_answer_near_a_tie_is_refused() -> None:
    scales = {"filter_scale": np.float32([0.5]), "input_scale": np.float32([1]), "output_scale": np.float32([63])}
    with pytest.raises(CaseError, match="near the middle between two answers"):
        build("suite", given(QUANTIZED, quantized() | scales))


def test_answers_that_saturate_or_hardly_vary_are_refused() -> None:
    loud = {"output_scale": np.float32([quantized()["output_scale"][0] / 63])}
    quiet = {"output_scale": np.float32([quantized()["output_scale"][0] * 301])}
    for scale, kind in ((loud, degeneracy.MOSTLY_SATURATED), (quiet, degeneracy.FEW_VALUES)):
        with pytest.raises(CaseError, match=r"degenerate|near the middle") as error:
            build("suite", given(QUANTIZED, quantized() | scale))
        assert kind in str(error.value) or "near" in str(error.value)
    assert degeneracy.answer_degeneracies(QUANTIZED, np.full(40, 127)) == [
        degeneracy.MOSTLY_SATURATED,
        degeneracy.FEW_VALUES,
    ]
    assert degeneracy.answer_degeneracies(QUANTIZED, np.arange(-100, 100)) == []


def test_sums_that_do_not_fit_int32_are_refused() -> None:
    geometry = Geometry((1, 1, 1, 33026), (1, 1, 33026, 1))
    kind = Kind(FORWARD, "uint8", "uint8", "int32")
    operands: Operands = {role: np.full(shape, 255, np.uint8) for role, shape in kind.shapes(geometry).items()}
    operands |= {f"{role}_zero_point": np.zeros(1, np.int32) for role in ("input", "filter")}
    with pytest.raises(CaseError, match="a sum does not fit int32"):
        build("suite", Case("case", geometry, "A case.", kind=kind, given=operands))


def test_a_gradient_that_is_a_symmetric_filter_is_degenerate() -> None:
    kind = Kind.floating(FILTER_GRADIENT, "float32")
    geometry = Geometry((1, 5, 6, 2), (2, 3, 2, 3))
    operands = draw_integer_operands(geometry, kind, 1)
    answer = np.random.default_rng(1).integers(1, 99, geometry.filter).astype(float)
    assert degeneracy.degeneracies(kind, operands, answer) == []
    answer[..., 1] += answer[:, ::-1, :, 1]
    assert degeneracy.degeneracies(kind, operands, answer) == [degeneracy.SYMMETRIC_FILTER]
    operands["output"][..., 2] = operands["output"][..., 0]
    assert degeneracy.EQUAL_FILTERS in degeneracy.degeneracies(kind, operands, answer)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("data", ["integer", "real"])
def test_a_digest_case_follows_from_what_is_stored(operation: str, data: str) -> None:
    geometry = replace(GEOMETRY, bias=operation in TAKES_BIAS)
    kind = Kind.floating(operation, "float32")
    case = Case("case", geometry, "A case.", data, kind=kind, allowed=dict.fromkeys(degeneracy.KINDS, "small"))
    vector, stored = build("suite", replace(case, is_digest=True)), build("suite", case)
    for role, values in stored.datasets.items():
        if role in ("expected", "magnitude"):
            continue
        name = "output_operand" if role == "output" else role
        assert vector.members[f"{name}_sha256"] == sha256(values.astype("<f4").tobytes()).hexdigest()
        if data == "integer":
            assert np.abs(values).max() <= vector.members[f"{name}_bound"]
    answer = stored.datasets["expected"]
    assert vector.members["output_sha256"] == sha256((answer + 0.0).astype("<f4").tobytes()).hexdigest()
    places = vector.datasets["sample_index"]
    assert np.array_equal(vector.datasets["sample_expected"], answer.reshape(-1)[places])
    assert np.array_equal(vector.datasets["sample_magnitude"], stored.datasets["magnitude"].reshape(-1)[places])


@pytest.mark.parametrize(("data", "message"), [("integer", "inner products differ"), ("real", r"sample\[0\]")])
def test_a_digest_that_differs_from_its_sample_is_refused(
    data: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = operand_digests.scattered

    def broken(*arguments: object) -> np.ndarray:
        answer = honest(*arguments)
        answer[(0,) * answer.ndim] += 1
        return answer

    monkeypatch.setattr(operand_digests, "scattered", broken)
    case = Case("case", replace(GEOMETRY, bias=False), "A case.", data, kind=Kind.floating(INPUT_GRADIENT, "float32"))
    with pytest.raises(CaseError, match=message):
        build("suite", replace(case, is_digest=True))


@pytest.mark.parametrize("operation", [INPUT_GRADIENT, FILTER_GRADIENT])
def test_what_must_be_refused_is_wrong_in_one_way(operation: str) -> None:
    kind = Kind.floating(operation, "float32")
    cases = refused_by(kind)
    assert len(cases) >= 10
    for case in cases:
        assert set(build("suite", case).datasets) == set(kind.shapes(replace(GEOMETRY, bias=case.geometry.bias)))
        assert case.expect == REJECTION
    right = Geometry((2, 6, 7, 4), (3, 2, 4, 6))
    sound = Case("case", right, "A case.", kind=kind, expect=REJECTION)
    with pytest.raises(CaseError, match="one thing has to be wrong, and there are 0"):
        build("suite", sound)


def test_a_gradient_of_the_wrong_shape_beside_another_fault_is_two() -> None:
    kind = Kind.floating(INPUT_GRADIENT, "float32")
    geometry = Geometry((1, 5, 6, 4), (3, 2, 4, 6), bias=True)
    operands = {
        "output": np.ones((1, 4, 5, 6), np.float32),
        "filter": np.ones(geometry.filter, np.float32),
        "bias": np.ones(6, np.float32),
    }
    case = Case("case", geometry, "A case.", kind=kind, expect=REJECTION, given=operands)
    with pytest.raises(
        CaseError, match="there are 2: the output's gradient has another shape than the output; the bias"
    ):
        build("suite", case)


def test_a_bias_gradient_sums_all_places() -> None:
    kind = Kind.floating(BIAS_GRADIENT, "float64")
    geometry = Geometry((3, 5, 6, 2), (2, 3, 2, 4))
    vector = build("suite", Case("case", geometry, "A case.", kind=kind))
    sums = defined(BIAS_GRADIENT, problem(geometry), {"output": vector.datasets["output"]})
    assert [sums[(o,)] for o in range(4)] == vector.datasets["expected"].tolist()
