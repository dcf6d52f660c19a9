"""Both formulations of every operation, against the definition in fractions, and against each other."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from golden.answers import adjoint, relation, sums
from golden.answers.elements import factors_at
from golden.drawing.operand_distributions import (
    draw_binades_operands,
    draw_cancelling_operands,
    draw_negative_operands,
    draw_positive_operands,
)
from golden.drawing.operands import OperandDraw, Operands, draw_integer_operands, draw_real_operands
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import FILTER_GRADIENT, FLOATS, FORWARD, INPUT_GRADIENT, OPERATIONS, TAKES_BIAS, Kind
from golden.vectors import operand_vectors
from golden.vectors.build import CaseError, build
from golden.vectors.case import Case
from golden_definition import defined, problem

GEOMETRIES = (
    Geometry((2, 4, 5, 3), (3, 2, 3, 2), bias=True),
    Geometry((1, 5, 6, 4), (2, 3, 2, 6), (2, 1), (1, 2), SAME_UPPER, groups=2, bias=True),
    Geometry((1, 4, 6, 3), (3, 2, 1, 6), (1, 2), (2, 1), SAME_LOWER, groups=3),
    Geometry((2, 3, 4, 2), (2, 2, 2, 3), (3, 2), (1, 1), EXPLICIT, (0, 3, 1, 2)),
    Geometry((1, 6, 7, 2), (2, 3, 2, 3), (2, 1), (1, 1), EXPLICIT, (-1, 2, 3, -2), bias=True),
    Geometry((1, 2, 4, 2), (2, 2, 2, 3), (1, 1), (1, 1), EXPLICIT, (-4, 5, 5, -6)),
    Geometry((1, 8, 7, 2), (2, 1, 2, 3), (3, 4)),
)
DRAWS = (draw_integer_operands, draw_real_operands, draw_positive_operands, draw_negative_operands)
WIDE = (draw_binades_operands, draw_cancelling_operands)


def demand_defined(kind: Kind, geometry: Geometry, operands: Operands) -> None:
    wanted = defined(kind.operation, problem(geometry), operands)
    exact = sums.exact_answer(kind, geometry, operands)
    gathered = sums.rounded_answer(kind, geometry, operands)
    assert exact.whole.shape == gathered.shape == kind.answer(geometry)
    for index in np.ndindex(gathered.shape):
        bias = Fraction(float(operands["bias"][index[-1]])) if "bias" in operands else 0
        total = wanted.get(index, Fraction(0)) + bias
        assert Fraction(int(exact.whole[index]), 2**exact.scale) == total
        assert exact.to_float64()[index] == gathered[index] == float(total)
        first, second = factors_at(kind, geometry, operands, index)
        met = sum(Fraction(float(a)) * Fraction(float(b)) for a, b in zip(first, second, strict=True))
        assert met + bias == total
        assert len(first) <= kind.products(geometry)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of_all", FLOATS)
def test_every_formulation_is_the_exact_sum_rounded_once(of_all: str, operation: str) -> None:
    for turn, geometry in enumerate(GEOMETRIES):
        kind = Kind.floating(operation, of_all)
        demand_defined(kind, geometry, DRAWS[turn % len(DRAWS)](geometry, kind, 11 + turn))


@pytest.mark.parametrize("draw", WIDE, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("of_all", FLOATS)
def test_wide_and_cancelling_data_is_summed_exactly_too(of_all: str, draw: OperandDraw) -> None:
    for operation in (FORWARD, INPUT_GRADIENT, FILTER_GRADIENT):
        kind = Kind.floating(operation, of_all)
        demand_defined(kind, GEOMETRIES[0], draw(GEOMETRIES[0], kind, 5))


def test_sums_beyond_64_bits_are_split_and_those_far_beyond_are_pythons() -> None:
    geometry = GEOMETRIES[0]
    kind = Kind.floating(FORWARD, "float64")
    operands = draw_real_operands(geometry, kind, 3)
    operands["input"][0, 0, 0] *= 2.0**300
    exact = sums.exact_answer(kind, geometry, operands)
    wanted = defined(FORWARD, problem(geometry), operands)
    for index, total in wanted.items():
        bias = Fraction(float(operands["bias"][index[-1]]))
        assert Fraction(int(exact.whole[index]), 2**exact.scale) == total + bias


def test_limbs_add_up_to_the_number() -> None:
    values = np.array([0, 1, -1, 2**53 - 1, -(2**80) + 12345, 2**107], object)
    for bits in (20, 27, 31):
        total = sum(sums.limb(values, place, bits).astype(object) * 2 ** (bits * place) for place in range(6))
        assert total.tolist() == values.tolist()


def test_dekkers_product_loses_nothing() -> None:
    first, second = (np.random.default_rng(seed).uniform(-1, 1, 500) for seed in (1, 2))
    product = first * second
    rest = sums.lost(first, second, product)
    for a, b, ab, left in zip(first, second, product, rest, strict=True):
        assert Fraction(a) * Fraction(b) == Fraction(ab) + Fraction(left)


def break_last(honest: Callable) -> Callable:
    def broken(*arguments: object) -> np.ndarray:
        answer = honest(*arguments)
        answer[(-1,) * answer.ndim] = np.nextafter(answer[(-1,) * answer.ndim], np.inf)
        return answer

    return broken


@pytest.mark.parametrize("operation", OPERATIONS)
def test_formulations_that_differ_in_a_bit_are_refused(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = Geometry((2, 4, 5, 3), (3, 2, 3, 2), bias=operation in TAKES_BIAS)
    case = Case("case", geometry, "A case.", data="real", kind=Kind.floating(operation, "float64"))
    build("suite", case)
    monkeypatch.setattr(operand_vectors, "rounded_answer", break_last(sums.rounded_answer))
    with pytest.raises(CaseError, match=r"suite/case: answer\["):
        build("suite", case)


@pytest.mark.parametrize("function", ["scattered_onto_input", "scattered_onto_filter", "loop_over_taps"])
def test_the_adjoint_identity_notices_one_wrong_product(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = Geometry((2, 4, 5, 3), (3, 2, 3, 2))
    kind = Kind.floating(FORWARD, "float32")
    operands = draw_integer_operands(geometry, kind, 4)
    honest = getattr(relation, function)
    answer = relation.scattered(kind, geometry, {role: values.astype(int) for role, values in operands.items()})
    adjoint.prove(kind, geometry, operands, answer, 1)

    def off_by_one(*arguments: object) -> np.ndarray:
        found = honest(*arguments)
        found[(0,) * found.ndim] += 1
        return found

    monkeypatch.setattr(relation, function, off_by_one)
    wrong = relation.scattered(kind, geometry, {role: values.astype(int) for role, values in operands.items()})
    with pytest.raises(ArithmeticError, match="inner products differ"):
        adjoint.prove(kind, geometry, operands, wrong, 1)
