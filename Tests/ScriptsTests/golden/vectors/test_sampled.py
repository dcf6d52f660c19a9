"""Sampled cases against digest cases of the same problem and seed, and against the answer as a whole."""

from dataclasses import replace
from hashlib import sha256
from math import prod

import numpy as np
import pytest
from golden.answers.relation import scattered
from golden.drawing.lazy import DrawnTensor, lazy_operands
from golden.drawing.operands import OPERAND_DRAWS, random_bits
from golden.problem.geometry import EXPLICIT, SAME_LOWER, VALID, Geometry
from golden.problem.kinds import FACTORS, FILTER_GRADIENT, FLOAT32, FORWARD, INPUT_GRADIENT, Kind
from golden.vectors import sampled
from golden.vectors.build import CaseError, Vector, build
from golden.vectors.case import Case

GEOMETRIES = (
    Geometry((2, 9, 8, 4), (3, 2, 2, 6), (2, 1), (1, 2), SAME_LOWER, groups=2),
    Geometry((1, 12, 13, 3), (2, 4, 1, 6), (1, 2), (2, 1), VALID, groups=3),
    Geometry((3, 6, 9, 3), (2, 2, 3, 4), padding=EXPLICIT, explicit_pads=(1, -1, 2, 3)),
)
OPERATIONS = (FORWARD, INPUT_GRADIENT)


def case_of(geometry: Geometry, operation: str, data: str) -> Case:
    kind = Kind.floating(operation, FLOAT32)
    return Case("case", replace(geometry, bias=True), "A case.", data=data, kind=kind, is_sampled=True)


def answer_of(case: Case, seed: int) -> np.ndarray:
    operands = OPERAND_DRAWS[case.data](case.geometry, case.kind, seed)
    return scattered(case.kind, case.geometry, {role: of.astype(np.int64) for role, of in operands.items()}) + operands[
        "bias"
    ].astype(np.int64)


@pytest.mark.parametrize("data", OPERAND_DRAWS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=range(len(GEOMETRIES)))
def test_it_stores_what_a_digest_case_does(geometry: Geometry, operation: str, data: str) -> None:
    case = case_of(geometry, operation, data)
    few = build("suite", case)
    whole = build("suite", replace(case, is_sampled=False, is_digest=True))
    assert whole.members["seed"] == few.members["seed"]
    same = {name: value for name, value in few.members.items() if name not in ("stored", "projection_sha256")}
    assert "output_sha256" in whole.members and "output_sha256" not in same
    for name, value in same.items():
        assert np.array_equal(value, whole.members[name]), name
    for name in ("sample_index", "sample_expected", "sample_magnitude"):
        assert np.array_equal(few.datasets[name], whole.datasets[name]), name
    assert few.members["stored"] == "samples"


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=range(len(GEOMETRIES)))
def test_sums_of_rows_are_those_of_the_answer(geometry: Geometry, operation: str) -> None:
    case = case_of(geometry, operation, "integer")
    vector = build("suite", case)
    seed, rows = int(vector.members["seed"]), vector.datasets["projection_rows"]
    answer = answer_of(case, seed)
    last = answer.shape[3]
    numbers = random_bits(seed, 13, last, 8) - 128
    sums = (answer * numbers).reshape(*answer.shape[:3], geometry.groups, -1).sum(axis=4)
    chosen = sums.reshape(-1, *sums.shape[2:])[rows]
    assert vector.members["projection_sha256"] == sha256(chosen.astype("<i8").tobytes()).hexdigest()
    assert len(rows) > 2 and {0, prod(answer.shape[:2]) - 1} <= set(rows.tolist())


def test_an_operand_too_large_for_a_digest_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def digests(vector: Vector) -> set[str]:
        return {name for name in vector.members if name.endswith("_sha256") and name != "projection_sha256"}

    case = case_of(GEOMETRIES[0], FORWARD, "integer")
    assert digests(build("suite", case)) == {"input_sha256", "filter_sha256", "bias_sha256"}
    monkeypatch.setattr(sampled, "DIGESTED", prod(GEOMETRIES[0].filter))
    assert digests(build("suite", case)) == {"filter_sha256", "bias_sha256"}


def test_other_cases_are_refused() -> None:
    case = case_of(GEOMETRIES[0], FORWARD, "integer")
    for change in (
        {"kind": Kind.floating(FILTER_GRADIENT, FLOAT32)},
        {"kind": Kind.floating(FORWARD, "float16")},
        {"draw": lambda *_: {}},
    ):
        with pytest.raises(CaseError, match="drawn as its family is"):
            build("suite", replace(case, **change))


def test_sums_beyond_64_bits_are_exact() -> None:
    products = np.full(2**18 + 1, 2**46 - 1, np.int64)
    assert sampled.added(products) == (2**18 + 1) * (2**46 - 1)
    assert sampled.added(-products) == -(2**18 + 1) * (2**46 - 1)


@pytest.mark.parametrize("data", OPERAND_DRAWS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_numbers_are_those_of_the_whole_tensor(operation: str, data: str) -> None:
    geometry, kind = GEOMETRIES[0], Kind.floating(operation, FLOAT32)
    whole, lazy = OPERAND_DRAWS[data](geometry, kind, 9), lazy_operands(geometry, kind, data, 9)
    assert whole.keys() == lazy.keys()
    for role in FACTORS[operation]:
        tensor, values = lazy[role], whole[role]
        assert isinstance(tensor, DrawnTensor) and np.array_equal(tensor.whole(), values)
        some = np.array([1, 0, 2])
        for index in (
            (1, slice(0, 3, 2), slice(1, 2), slice(0, 2)),
            (0, some[:, None], some[:2], slice(1, 2)),
            (1, 2, slice(None), slice(None)),
            (1, 2, 1, 0),
        ):
            index = tuple(
                np.minimum(of, size - 1) if not isinstance(of, slice) else of
                for of, size in zip(index, values.shape, strict=True)
            )
            assert np.array_equal(tensor[index], values[index]), index
