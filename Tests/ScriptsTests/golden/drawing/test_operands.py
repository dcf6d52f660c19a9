"""Operands are drawn as the page says, and integer data is exact in its type."""

from fractions import Fraction

import numpy as np
import pytest
from golden.answers.rounding import Exact, is_exact_in, rounds_twice_wrongly
from golden.answers.sums import exact_answer
from golden.drawing import operands
from golden.drawing.operand_distributions import draw_binades_operands, draw_cancelling_operands, draw_positive_operands
from golden.drawing.streams import splitmix64, stream_seed
from golden.problem.geometry import SAME_UPPER, Geometry
from golden.problem.kinds import FLOATS, OPERATIONS, SIGNIFICAND, TAKES_BIAS, Kind
from golden.suites.float16 import SUITE as FLOAT16_SUITE
from golden.vectors import operand_vectors
from golden.vectors.case import Case

GEOMETRY = Geometry((2, 5, 6, 4), (3, 2, 2, 6), (2, 1), padding=SAME_UPPER, groups=2)
STREAMS = {"input": 0, "filter": 1, "bias": 2, "output": 9}


def outputs(seed: int, role: str, count: int) -> list[int]:
    return splitmix64(stream_seed(seed, STREAMS[role]), count).tolist()


@pytest.mark.parametrize("of_all", FLOATS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_real_data_has_all_bits_of_its_type(of_all: str, operation: str) -> None:
    kind, bits = Kind.floating(operation, of_all), SIGNIFICAND[of_all]
    for role, values in operands.draw_real_operands(GEOMETRY, kind, 6).items():
        wanted = [
            Fraction((z >> (64 - bits)) - 2 ** (bits - 1), 2 ** (bits - 1)) for z in outputs(6, role, values.size)
        ]
        assert [Fraction(float(value)) for value in values.reshape(-1)] == wanted
        assert is_exact_in(values, of_all).all()


def test_float32_is_drawn_as_it_always_was() -> None:
    from golden.drawing.families import draw_integers, draw_reals

    kind = Kind()
    biased = Geometry(GEOMETRY.input, GEOMETRY.filter, groups=2, bias=True)
    for old, new in ((draw_integers, operands.draw_integer_operands), (draw_reals, operands.draw_real_operands)):
        made = new(biased, kind, 9)
        for role, values in zip(("input", "filter", "bias"), old(biased, 9), strict=True):
            assert np.array_equal(made[role], values)
            assert made[role].dtype == values.dtype


def test_bytes_have_the_whole_range() -> None:
    for kind, first in (("int8", -128), ("uint8", 0)):
        values = operands.bytes_of(kind, 3, 0, (40, 100))
        assert values.dtype.name == kind
        assert (int(values.min()), int(values.max())) == (first, first + 255)
        assert values.reshape(-1)[:9].tolist() == [(z >> 56) + first for z in outputs(3, "input", 9)]


@pytest.mark.parametrize("of_all", FLOATS)
def test_sums_of_magnitudes_of_integer_data_are_exact_in_the_type(of_all: str) -> None:
    for operation in OPERATIONS:
        for geometry in (GEOMETRY, Geometry((3, 9, 12, 4), (3, 3, 4, 8), bias=operation in TAKES_BIAS)):
            case = Case("case", geometry, "A case.", kind=Kind.floating(operation, of_all))
            vector, refusal = operand_vectors.floating_vector(case, 3)
            if vector is None:
                assert "can exceed" in refusal or "degenerate" in refusal
                continue
            assert vector.datasets["magnitude"].max() <= 2 ** SIGNIFICAND[of_all]


def test_float64_integers_show_what_float32_would_lose() -> None:
    kind = Kind.floating("forward", "float64")
    drawn = operands.draw_integer_operands(GEOMETRY, kind, 2)
    exact = exact_answer(kind, GEOMETRY, drawn).to_float64()
    assert np.mean(exact != exact.astype(np.float32)) > 0.9


def test_too_many_products_of_a_short_type_are_thinned_and_not_refused() -> None:
    geometry = Geometry((16, 12, 13, 2), (2, 3, 2, 3))
    kind = Kind.floating("filter-gradient", "bfloat16")
    drawn = operands.draw_integer_operands(geometry, kind, 1)
    assert kind.products(geometry) == 16 * 11 * 11
    assert 0.05 < np.mean(drawn["output"] != 0) < 0.4
    vector, refusal = operand_vectors.floating_vector(Case("case", geometry, "A case.", kind=kind), 1)
    assert vector is not None, refusal


@pytest.mark.parametrize(
    ("of_all", "value", "is_one"),
    [
        ("float16", 65504, True),
        ("float16", 65536, False),
        ("float16", 2.0**-24, True),
        ("float16", 2.0**-25, False),
        ("float16", 2049, False),
        ("float16", 1 + 2.0**-10, True),
        ("bfloat16", 257, False),
        ("bfloat16", 256, True),
        ("bfloat16", 2.0**-133, True),
        ("bfloat16", 2.0**-134, False),
        ("bfloat16", 3.0 * 2.0**127, False),
        ("float32", 2.0**-149, True),
        ("float32", 2**24 + 1, False),
        ("float64", 2.0**-1074, True),
        ("float16", np.nan, True),
        ("bfloat16", -np.inf, True),
    ],
)
def test_numbers_of_a_type_are_known(of_all: str, value: float, is_one: bool) -> None:
    assert bool(is_exact_in(np.array([value]), of_all)[0]) is is_one


def test_numbers_of_float16_are_those_that_numpy_keeps() -> None:
    values = np.random.default_rng(1).uniform(-1, 1, 4000).astype(np.float16).astype(float)
    values = np.ldexp(values, np.random.default_rng(2).integers(-30, 30, 4000))
    with np.errstate(over="ignore"):
        assert np.array_equal(is_exact_in(values, "float16"), values.astype(np.float16) == values)


@pytest.mark.parametrize(
    ("of_all", "whole", "scale", "hazard"),
    [
        ("float16", 2**70 + 2**59, 70, False),  # a tie of float16, exactly
        ("float16", 2**70 + 2**59 + 1, 70, True),
        ("bfloat16", 2**70 + 2**62 - 1, 70, True),
        ("bfloat16", 2**70 + 2**61 + 1, 70, False),
        ("float32", 2**60 + 2**36 + 1, 7, True),
        ("float64", 2**70 + 2**17 + 1, 0, False),
        ("float16", 2**60 + 1, 85, True),  # half of the least number, nearly
    ],
)
def test_double_rounding_is_noticed_in_every_type(of_all: str, whole: int, scale: int, hazard: bool) -> None:
    assert rounds_twice_wrongly(Exact(np.array([whole], object), scale), of_all) is hazard


@pytest.mark.parametrize("of_all", FLOATS)
def test_hard_data_is_what_it_is_called(of_all: str) -> None:
    geometry = Geometry((4, 5, 6, 32), (2, 3, 32, 8))
    for operation in ("forward", "input-gradient", "filter-gradient"):
        kind = Kind.floating(operation, of_all)
        kept = {}
        for draw in (draw_positive_operands, draw_cancelling_operands, draw_binades_operands):
            drawn = draw(geometry, kind, 8)
            for values in drawn.values():
                assert is_exact_in(values, of_all).all()
            absolute = {role: np.abs(values) for role, values in drawn.items()}
            total = np.abs(exact_answer(kind, geometry, drawn).to_float64()).sum()
            kept[draw.__name__] = total / exact_answer(kind, geometry, absolute).to_float64().sum()
        assert kept["draw_positive_operands"] == 1
        assert kept["draw_cancelling_operands"] < 2.0 ** (-SIGNIFICAND[of_all] // 2 + 1), (operation, kept)
        assert kept["draw_binades_operands"] > 0.01


def test_a_digest_in_a_short_type_is_exact_too() -> None:
    case = next(case for case in FLOAT16_SUITE.cases() if case.is_digest)
    assert operands.density(case.kind.products(case.geometry), "float16") == 1
