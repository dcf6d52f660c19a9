"""Data of the suites `int8` and `quantized`: zero points, scales, and tensors that fit them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.answers.relation import scattered
from golden.drawing.operands import PARAMETERS, STREAMS, Operands, bytes_of, random_bits
from golden.problem.geometry import Geometry
from golden.problem.kinds import BIAS, FILTER, INPUT, INT8, INT32, RANGE, STORED, Kind

ZERO, MIDDLE, EXTREME, PER_FILTER = "zero", "middle", "extreme", "per filter"
STEPS = {INPUT: 7, FILTER: 9}  # of quantized data above their zero points: odd, so that all bits are used


@dataclass(frozen=True)
class Setting:
    """How a case's zero points and scales are chosen; one of each for all filters, or one a filter.

    Zero points are 0, near the middle, at an end of the type, or, of a filter, different for each.
    """

    input_zero_point: str = MIDDLE
    filter_zero_point: str = ZERO
    scales_per_filter: bool = False
    saturated: float = 0.1  # the share of answers that may be saturated, nearly
    wide: bool = False  # scales of which one is 27 times another

    def draw_integers(self, geometry: Geometry, kind: Kind, seed: int) -> Operands:
        """Draw tensors over the whole range of their types, and the zero points."""
        drawn = {
            role: bytes_of(kind.type_of(role), seed, STREAMS[role], shape)
            for role, shape in kind.shapes(geometry).items()
        }
        return drawn | self.zero_points(geometry, kind, seed)

    def draw_quantized(self, geometry: Geometry, kind: Kind, seed: int) -> Operands:
        """Draw tensors, zero points and scales such that no answer lies near the middle between two.

        Input and filter lie whole steps above or below their zero points, over the whole range of their types. So all
        sums are multiples of the product of the steps, by an odd multiple of which they are divided.
        """
        drawn = self.zero_points(geometry, kind, seed)
        above: Operands = {}
        for role, shape in kind.shapes(geometry).items():
            if role != BIAS:
                above[role] = steps_above(drawn[role + "_zero_point"], kind.type_of(role), role, shape, seed)
                values = above[role] * STEPS[role] + drawn[role + "_zero_point"]
                drawn[role] = values.astype(STORED[kind.type_of(role)])
        sums = scattered(kind, geometry, above)
        unit = STEPS[INPUT] * STEPS[FILTER]
        filters = geometry.filter[3]
        if geometry.bias:
            places = sums.reshape(-1, filters)
            means = -(places.sum(axis=0) // max(len(places), 1))
            spread = int(np.abs(sums + means).max(initial=4)) // 4
            of_bias = means + random_bits(seed, STREAMS[BIAS], filters, 24) * (2 * spread + 1) // 2**24 - spread
            drawn[BIAS] = (of_bias * unit).astype(STORED[INT32])
            sums = sums + of_bias
        return drawn | self.scales(kind, sums, unit, seed)

    def zero_points(self, geometry: Geometry, kind: Kind, seed: int) -> Operands:
        """Return the zero points of input and filter."""
        bits = random_bits(seed, PARAMETERS, 2 + geometry.filter[3], 24)
        of_input = zero_point(self.input_zero_point, kind.input, int(bits[0]))
        if self.filter_zero_point == PER_FILTER:
            least, largest = RANGE[kind.filter]
            of_filter = [least + (int(one) * (largest - least + 1) >> 24) for one in bits[2:]]
            of_filter[-1] = (least, largest)[int(bits[1]) % 2]
        else:
            of_filter = [zero_point(self.filter_zero_point, kind.filter, int(bits[1]))]
        return {
            "input_zero_point": np.array([of_input], STORED[INT32]),
            "filter_zero_point": np.array(of_filter, STORED[INT32]),
        }

    def scales(self, kind: Kind, sums: NDArray, unit: int, seed: int) -> Operands:
        """Return the scales, and a zero point of the output, for which few answers are saturated, and some may be."""
        filters = sums.shape[-1]
        least, largest = RANGE[kind.output]
        bits = random_bits(seed, PARAMETERS, 4 + filters, 24)[1 + filters :]
        turns = np.arange(filters) % 4 if self.scales_per_filter else np.zeros(1, np.int64)
        divisor = 1
        while True:
            divisors = divisor * 3**turns if self.wide else divisor + 2 * turns
            quotients = sums / divisors
            middle = int(np.floor(np.sort(quotients, axis=None)[quotients.size // 2])) if quotients.size else 0
            zero_point = min(max((least + largest + 1) // 2 - middle + int(bits[0] % 31) - 15, least), largest)
            beyond = (quotients + zero_point < least) | (quotients + zero_point > largest)
            if np.count_nonzero(beyond) <= self.saturated * quotients.size:
                break
            divisor = divisor + 2 * (1 + divisor // 20)
        of_input, of_output = (0.0125 * (1 + int(one) / 2**24) for one in bits[1:3])
        of_input, of_output = np.float32(of_input), np.float32(4 * of_output)
        of_filter = float(of_output) / (float(of_input) * unit * divisors)
        return {
            "output_zero_point": np.array([zero_point], STORED[INT32]),
            "input_scale": np.array([of_input], np.float32),
            "filter_scale": of_filter.astype(np.float32),
            "output_scale": np.array([of_output], np.float32),
        }


def zero_point(where: str, kind: str, bits: int) -> int:
    """Return a zero point of a type: 0, near the middle and not in it, or at an end that is not 0."""
    if where == ZERO:
        return 0
    if where == MIDDLE:
        return (0 if kind == INT8 else 128) + (bits % 9 + 2) * (1 if bits & 2**20 else -1)
    return (-128, 127)[bits % 2] if kind == INT8 else 255


def steps_above(zero_points: NDArray, kind: str, role: str, shape: tuple[int, ...], seed: int) -> NDArray[np.int64]:
    """Return whole numbers such that, times the role's step, they lead from the zero points to numbers of the type."""
    least, largest = RANGE[kind]
    lowest = -((zero_points.astype(np.int64) - least) // STEPS[role])
    highest = (largest - zero_points.astype(np.int64)) // STEPS[role]
    bits = random_bits(seed, STREAMS[role], int(np.prod(shape)), 24).reshape(shape)
    return lowest + (bits * (highest - lowest + 1) >> 24)
