"""Zero points and scales, against ONNX's definition in fractions."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from golden.answers import quantized
from golden.drawing.operands import Operands
from golden.problem.geometry import EXPLICIT, Geometry
from golden.problem.kinds import FORWARD, RANGE, Kind
from golden.suites.integer_data import EXTREME, MIDDLE, PER_FILTER, Setting
from golden.suites.integer_faults import Between
from golden_definition import defined, problem

GEOMETRY = Geometry(
    (2, 4, 5, 2), (2, 3, 1, 4), (1, 2), padding=EXPLICIT, explicit_pads=(1, 2, 0, 3), groups=2, bias=True
)
TYPES = [
    Kind(FORWARD, x, w, y)
    for x, w, y in (("int8", "int8", "int8"), ("uint8", "int8", "uint8"), ("int8", "uint8", "uint8"))
]
HALF = Fraction(1, 2)
HALVES = {
    "half to even": lambda v, zero: round(v) + zero,
    "half up": lambda v, zero: floor(v + HALF) + zero,
    "half away from zero": lambda v, zero: floor(abs(v) + HALF) * (1 if v > 0 else -1) + zero,
    "half to even, after the zero point is added": lambda v, zero: round(v + zero),
}


def rounded(kind: Kind, operands: Operands, rounding: str) -> dict:
    above = {role: operands[role].astype(int) - operands[f"{role}_zero_point"] for role in ("input", "filter")}
    found = {}
    for index, total in defined("forward", problem(GEOMETRY), above).items():
        o = index[-1]
        scale = Fraction(float(np.broadcast_to(operands["filter_scale"], 4)[o]))
        v = (total + int(operands["bias"][o])) * Fraction(float(operands["input_scale"][0])) * scale
        v /= Fraction(float(operands["output_scale"][0]))
        least, largest = RANGE[kind.output]
        found[index] = min(max(HALVES[rounding](v, int(operands["output_zero_point"][0])), least), largest)
    return found


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("rounding", quantized.ROUNDINGS)
def test_both_formulations_round_as_defined_also_ties(kind: Kind, rounding: str) -> None:
    zero = (130, 3, 127) if kind.input == "uint8" else (-2, 120 if kind.filter == "uint8" else 3, 3)
    around = [(number - 6, number + 6) for number in zero]
    tied = Between(around[0], around[1], around[1], zero, (0.5, (1.0, 0.5, 3.0, 2.0), 1.0), (-9, 9))
    spread = Setting(EXTREME, PER_FILTER, scales_per_filter=True)
    halves = 0
    for given in (tied.draw(GEOMETRY, kind, 7), spread.draw_quantized(GEOMETRY, kind, 7)):
        sums = quantized.sums_scattered(kind, GEOMETRY, given)
        assert np.array_equal(sums, quantized.sums_gathered(kind, GEOMETRY, given))
        halves += np.count_nonzero(sums[..., 0] % 2)
        divided = quantized.divided(kind, sums, given, rounding)
        assert np.array_equal(divided, quantized.by_thresholds(kind, sums, given, rounding))
        wanted = rounded(kind, given, rounding)
        assert {index: divided[index] for index in wanted} == wanted
    assert halves > 10


def test_what_lies_near_a_tie_is_known() -> None:
    operands = {"input_scale": np.float32([1]), "filter_scale": np.float32([2.0**-12]), "output_scale": np.float32([1])}
    half, margin = 2**11, 2**4  # of 2^-12: the middle, and 2^-8
    sums = np.array([half, half + margin - 1, half + margin + 1, half - margin - 1, -half, -half - margin, 0, 4096])
    near = quantized.near_ties(sums[:, None], operands)[:, 0]
    assert near.tolist() == [True, True, False, False, True, True, False, False]
    # Far from zero the margin grows: 2^-20 of 2^14 is 2^-6 more.
    far = 2**26 + half
    assert quantized.near_ties(np.array([[far + 2**6 + 15], [far + 2**6 + 17]]), operands)[:, 0].tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_drawn_data_has_the_range_the_zero_points_and_no_near_tie(kind: Kind) -> None:
    geometry = Geometry((4, 9, 11, 4), (3, 3, 4, 8), bias=True)
    for setting in (Setting(EXTREME, PER_FILTER, True), Setting(MIDDLE, MIDDLE), Setting(MIDDLE, EXTREME, True)):
        operands = setting.draw_quantized(geometry, kind, 3)
        sums = quantized.sums_scattered(kind, geometry, operands)
        assert not quantized.near_ties(sums, operands).any()
        answers = quantized.divided(kind, sums, operands)
        least, largest = RANGE[kind.output]
        assert 0 < np.mean((answers == least) | (answers == largest)) <= 0.1 or len(np.unique(answers)) > 40
        for role in ("input", "filter"):
            least, largest = RANGE[kind.type_of(role)]
            assert operands[role].min() <= least + 9
            assert operands[role].max() >= largest - 9
        assert operands["filter_scale"].shape == ((8,) if setting.scales_per_filter else (1,))
