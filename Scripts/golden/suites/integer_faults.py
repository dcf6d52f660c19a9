"""Integer and quantized convolutions on which faults are known: saturation, short accumulators, zero points, ties."""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from golden.answers.alternatives import TIE_ROUNDING
from golden.drawing.operands import STREAMS, Operands, random_bits
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.problem.kinds import BIAS, FILTER, FORWARD, INPUT, INT8, INT32, OUTPUT, STORED, UINT8, Kind
from golden.problem.naming import INTEGER
from golden.problem.objections import only_kernel_too_large
from golden.suites.integer_arrays import integer_case
from golden.suites.integer_data import EXTREME, MIDDLE, PER_FILTER, ZERO, Setting
from golden.suites.operand_cases import operand_case
from golden.suites.operand_edges import PLAIN
from golden.suites.operand_tails import sized, unique
from golden.suites.regression import conv
from golden.vectors.case import REJECTION, REJECTION_OR_EMPTY, Case
from golden.vectors.degeneracy import BIAS_ALONE, CONSTANT_FILTER, EQUAL_CHANNELS, KINDS

SIGNED, UNSIGNED = Kind(FORWARD, INT8, INT8, INT32), Kind(FORWARD, UINT8, UINT8, INT32)
MIXED, OTHER = Kind(FORWARD, UINT8, INT8, INT32), Kind(FORWARD, INT8, UINT8, INT32)
KINDS_OF_SUMS = (SIGNED, UNSIGNED, MIXED, OTHER)
Range = tuple[int, int]


@dataclass(frozen=True)
class Between:
    """Data between bounds: of the input, of the even and of the odd filters; zero points and scales are given.

    `rare` keeps all elements but one in 256 at the upper bound. With `steps`, in turn for the filters, weights and
    biases are multiples of so much above their zero points.
    """

    input: Range
    even: Range
    odd: Range
    zero_points: tuple[int, ...] = (0, 0)
    scales: tuple[float, tuple[float, ...], float] | None = None
    bias: Range = (0, 0)
    rare: bool = False
    steps: tuple[int, ...] = ()

    def draw(self, geometry: Geometry, kind: Kind, seed: int) -> Operands:
        """Draw the operands."""
        filters = geometry.filter[3]
        numbers = dict(zip((INPUT, FILTER, OUTPUT), self.zero_points, strict=False))
        drawn: Operands = {f"{role}_zero_point": np.array([one], STORED[INT32]) for role, one in numbers.items()}
        if self.scales:
            for role, scale in zip((INPUT, FILTER, OUTPUT), self.scales, strict=True):
                drawn[f"{role}_scale"] = np.atleast_1d(np.array(scale, np.float32))
        for role, shape in kind.shapes(geometry).items():
            bits = random_bits(seed, STREAMS[role], prod(shape), 24).reshape(shape)
            if role == FILTER:
                is_odd = np.arange(filters) % 2 == 1
                least, largest = (np.where(is_odd, odd, even) for even, odd in zip(self.even, self.odd, strict=True))
            else:
                least, largest = self.input if role == INPUT else self.bias
            values = least + (bits * (largest - least + 1) >> 24)
            if self.steps and role != INPUT:
                zero_point = self.zero_points[1] if role == FILTER else 0
                values = zero_point + values * np.resize(self.steps, filters)
            if self.rare and role != BIAS:
                values = np.where(bits % 256 == 0, values, largest)
            drawn[role] = values.astype(STORED[kind.type_of(role)])
        return drawn


def between(kind: Kind, geometry: Geometry, slug: str, note: str, data: Between, **rest: object) -> Case:
    """Return a case of data between bounds."""
    return operand_case(kind, geometry, INTEGER, slug, note, tags=("regression",), draw=data.draw, **rest)


def sums() -> list[Case]:
    """List sums in int32 that saturate or overflow where an engine keeps them too short."""
    pairs = "Catches pairs of products added in 16 bits that saturate, as vpmaddubsw does: near 255 * 127."
    float24 = "Catches sums kept in float32, or in 24 bits: they go beyond 2^24 and are odd as often as even."
    near = "Catches sums kept in fewer than 32 bits: they come near to 2^31, and stay below."
    high = Between((192, 255), (96, 127), (-128, -97))
    narrow = {
        SIGNED: Between((-128, -96), (-128, -96), (96, 127)),
        UNSIGNED: Between((192, 255), (192, 255), (128, 191)),
        MIXED: high,
        OTHER: Between((-128, -96), (192, 255), (128, 191)),
    }
    small = (Geometry((1, 4, 5, 2), (1, 1, 2, 3)), Geometry((1, 5, 6, 5), (2, 3, 5, 4), padding=SAME_UPPER))
    found = [
        between(MIXED, geometry, "pairs", pairs, high) for geometry in (*small, Geometry((2, 3, 4, 16), (1, 1, 16, 5)))
    ]
    found += [
        between(kind, geometry, "beyond-24-bits", float24, data, allowed={EQUAL_CHANNELS: "there are so many"})
        for kind, data in narrow.items()
        for geometry in (Geometry((1, 4, 5, 192), (3, 3, 192, 2)), Geometry((1, 2, 3, 2176), (1, 1, 2176, 2)))
    ]
    reason = {CONSTANT_FILTER: "nearly all are the largest", EQUAL_CHANNELS: "nearly all are the largest"}
    found += [
        between(
            kind,
            geometry,
            "near-2-to-31",
            near,
            data,
            allowed=dict.fromkeys(KINDS, "nearly all are the largest") | reason,
        )
        for kind, geometry, data in (
            (
                UNSIGNED,
                Geometry((1, 16, 16, 129), (16, 16, 129, 2)),
                Between((252, 255), (252, 255), (250, 255), rare=True),
            ),
            (
                SIGNED,
                Geometry((1, 16, 16, 129), (16, 16, 129, 2)),
                Between((127, 127), (124, 127), (120, 127), (-128, -128), rare=True),
            ),
            (
                MIXED,
                Geometry((1, 15, 17, 257), (15, 17, 257, 2)),
                Between((252, 255), (-128, -128), (-128, -127), rare=True),
            ),
        )
    ]
    return found


def zero_points() -> list[Case]:
    """List zero points that an engine forgets: in padding of every kind, negative ones, one to each filter."""
    padded = Geometry((1, 4, 5, 3), (3, 3, 3, 4), padding=EXPLICIT, explicit_pads=(2, 1, 1, 3))
    geometries = (
        padded,
        Geometry((1, 1, 1, 3), (3, 3, 3, 4), padding=SAME_UPPER),
        Geometry((1, 5, 6, 2), (3, 2, 2, 4), (2, 2), (2, 3), padding=SAME_LOWER),
        Geometry((2, 5, 6, 4), (3, 3, 1, 8), (2, 1), padding=SAME_UPPER, groups=4),
        Geometry((1, 3, 4, 2), (2, 2, 2, 3), padding=EXPLICIT, explicit_pads=(3, 2, 4, 3)),
    )
    far = dict.fromkeys(KINDS, "windows that lie wholly in a pad give zero, as they must")
    note = "Catches pads that are filled with 0, and not with the zero point: {} to {}."
    found = [
        integer_case(
            kind,
            geometry,
            Setting(EXTREME, MIDDLE),
            "pads",
            note.format(kind.input, kind.filter),
            tags=("regression",),
            allowed=far,
        )
        for geometry in geometries
        for kind in KINDS_OF_SUMS
    ]
    axis = "Catches zero points that are taken by channel, where there is one to each filter: as many of both."
    found += [
        integer_case(kind, geometry, Setting(where, PER_FILTER), "axis", axis, tags=("regression",))
        for kind in (SIGNED, UNSIGNED)
        for where in (ZERO, EXTREME)
        for geometry in (
            Geometry((1, 5, 6, 4), (2, 3, 4, 4)),
            Geometry((1, 5, 6, 6), (3, 2, 3, 6), padding=SAME_UPPER, groups=2),
            Geometry((1, 6, 5, 5), (3, 3, 1, 5), padding=SAME_LOWER, groups=5),
        )
    ]
    channel = Geometry((2, 3, 4, 4), (1, 1, 2, 4), groups=2)
    borders = (
        conv((5, 6, 4), 4, (3, 3), (0, 0, 1, 2)),
        conv((5, 6, 8), 5, (3, 4), (1, 2, 1, 2)),
    )
    found += [
        integer_case(
            kind,
            channel,
            Setting(MIDDLE, ZERO),
            "openxla-xla-49123",
            "Catches a last channel of a group that is left out: 2 groups, 1x1, 4 to 4 channels.",
            tags=("regression", "trigger"),
            source="openxla/xla#49123",
        )
        for kind in (SIGNED, MIXED)
    ]
    return found + [
        integer_case(
            kind,
            geometry,
            Setting(MIDDLE, ZERO),
            "oneDNN-5080",
            "Catches boundary columns that are compensated for the wrong pads: 1 to the left, 2 to the right.",
            tags=("regression", "trigger" if geometry is borders[0] else "neighbour"),
            source="oneDNN#5080",
        )
        for kind in (SIGNED, MIXED)
        for geometry in borders
    ]


def integer_tails(quantized: bool) -> list[Case]:
    """List sizes around the widths of vectors and of dot products of four."""
    note = "Catches a tail that is dropped, read twice or written over: {} {}."
    found = []
    sizes = {3: 0, 4: 1, 5: 2, 7: 3, 8: 4, 9: 5, 15: 6, 16: 7, 17: 8, 31: 9, 32: 10, 33: 11, 63: 12, 64: 13, 65: 14}
    words = {"channels": "channels", "filters": "filters", "width": "output columns", "depth": "channels, depthwise"}
    for row, (axis, word) in enumerate(words.items()):
        for size, turn in sizes.items():
            if axis == "width" and size > 33:
                continue
            kind = KINDS_OF_SUMS[(turn + row) % 4]
            if quantized:
                kind = replace(kind, output=(INT8, UINT8)[turn % 2])
            setting = Setting(
                (MIDDLE, EXTREME, ZERO)[turn % 3],
                (ZERO, PER_FILTER, MIDDLE)[(turn // 2) % 3],
                scales_per_filter=quantized and turn % 3 != 1,
            )
            geometry = replace(sized(axis, size, turn + row), bias=quantized and turn % 2 == 0)
            tags = ("tail", f"tail-{axis}")
            found.append(integer_case(kind, geometry, setting, "tail", note.format(size, word), tags=tags))
    return unique(found)


def integer_edges(quantized: bool) -> list[Case]:
    """List degenerate problems, and those that must be refused."""
    geometries = {
        "batch-0": Geometry((0, 5, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER),
        "height-0": Geometry((2, 0, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER),
        "one-pixel": Geometry((2, 1, 1, 5), (1, 1, 5, 4)),
        "kernel-is-input": Geometry((2, 5, 4, 3), (5, 4, 3, 4)),
        "stride-beyond-input": Geometry((2, 5, 6, 2), (2, 3, 2, 3), (7, 9)),
        "crop": Geometry((1, 7, 6, 3), (3, 2, 3, 4), (2, 1), padding=EXPLICIT, explicit_pads=(-1, 2, 0, -2)),
    }
    found = []
    for turn, (slug, geometry) in enumerate(geometries.items()):
        kind = KINDS_OF_SUMS[turn % 4]
        kind = replace(kind, output=INT8 if turn % 2 else UINT8) if quantized else kind
        empty = {BIAS_ALONE: "there is nothing to sum"} if 0 in geometry.output else {}
        found.append(
            integer_case(
                kind,
                replace(geometry, bias=quantized),
                Setting(MIDDLE, MIDDLE, quantized),
                slug,
                "Catches a crash, or memory that was not initialised.",
                tags=("degenerate",),
                allowed=dict.fromkeys(KINDS, "so few elements leave no choice") | empty,
            )
        )
    wrong = {
        "kernel-beyond-input": (replace(PLAIN, filter=(7, 2, 4, 6)), "the kernel is larger than the input"),
        "stride-zero": (replace(PLAIN, strides=(0, 2)), "a stride of 0 in height"),
        "groups-not-dividing": (Geometry((1, 5, 6, 7), (2, 3, 3, 4), groups=2), "2 groups do not divide 7 channels"),
        "filter-for-more-channels": (replace(PLAIN, filter=(3, 2, 5, 6)), "the filter has 5 channels, the input 4"),
    }
    scales = {"scales": (0.5, (0.25,), 2.0), "zero_points": (3, 0, 1)} if quantized else {"zero_points": (3, 0)}
    data = Between((0, 100), (-50, 50), (-50, 50), **scales)
    kind = replace(MIXED, output=INT8) if quantized else MIXED
    for slug, (geometry, reason) in wrong.items():
        either = only_kernel_too_large(geometry, None)
        found.append(
            operand_case(
                kind,
                geometry,
                INTEGER,
                slug,
                f"Must be refused{', or give an empty output' if either else ''}: {reason}.",
                tags=("invalid",),
                draw=data.draw,
                expect=REJECTION_OR_EMPTY if either else REJECTION,
            )
        )
    return found


def ties() -> list[Case]:
    """List quantized answers of which many lie in the middle between two: each way of rounding halves shows.

    All others are whole: fixed-point arithmetic rounds twice, and may take a quarter for a half.
    """
    note = "Either halves go to the even number, or away from zero, or up; catches anything else: multiplier{} {}."
    plain = Geometry((1, 4, 5, 2), (2, 2, 2, 4))
    data = {
        "1/2": ((0.5, (1.0,), 1.0), (5, 0, 3), plain),
        "1/4": ((0.25, (0.5,), 0.5), (-7, 2, -11), Geometry((1, 5, 6, 3), (2, 3, 3, 3), padding=SAME_UPPER)),
        "1/8": ((0.125, (2.0,), 2.0), (0, 0, 0), Geometry((2, 4, 5, 4), (1, 2, 2, 4), (1, 2), groups=2)),
        "1/2, 1/4, 1/8, 1/16": ((1.0, (0.5, 0.25, 0.125, 0.0625), 1.0), (4, 0, -2), replace(plain, bias=True)),
        "3/2": ((1.5, (2.0,), 2.0), (1, 0, 5), Geometry((1, 4, 5, 1), (2, 1, 1, 4))),
    }
    found = []
    for told, (scales, numbers, geometry) in data.items():
        for kind in (Kind(FORWARD, INT8, INT8, INT8), Kind(FORWARD, UINT8, INT8, UINT8)):
            above = tuple(one + 128 for one in numbers) if kind.input == UINT8 else numbers
            zero = (above[0], numbers[1], above[2])
            around = (zero[0] - 6, zero[0] + 6)
            # Twice the multiplier times a step is one, or three.
            steps = tuple(max(1, int(scales[2] / (2 * scales[0] * one))) for one in scales[1])
            bounds = Between(around, (-5, 5), (-4, 5), zero, scales, (-20, 20), steps=steps)
            many = len(scales[1]) > 1
            found.append(
                operand_case(
                    kind,
                    geometry,
                    INTEGER,
                    f"ties-{told.replace(', ', '-').replace('/', '_')}",
                    note.format("s" * many, told),
                    tags=("ties", "choice", *(("per-filter",) if many else ())),
                    draw=bounds.draw,
                    alternative=TIE_ROUNDING,
                )
            )
    return found


def scales() -> list[Case]:
    """List quantized convolutions on which scales are known to go wrong: the wrong axis, bias, saturation, range."""
    axis = "Catches scales that are taken by channel, where there is one to each filter: as many of both."
    of_bias = "Catches a bias that is not in units of the scales of input and filter, or is added behind the scaling."
    cut = "Catches answers that wrap around, or are cut before the zero point is added: many are saturated."
    wide = "Catches a common scale taken for all filters, or shifted once for all: one scale is 27 times another."
    pads = "Catches pads of 0 where they are the zero point of the input."
    one = "Catches a multiplier of one or more, which fixed-point arithmetic has to shift to the left."
    kinds = (Kind(FORWARD, INT8, INT8, INT8), Kind(FORWARD, UINT8, INT8, UINT8), Kind(FORWARD, UINT8, UINT8, UINT8))
    geometries = (
        Geometry((1, 5, 6, 4), (2, 3, 4, 4), bias=True),
        Geometry((1, 5, 6, 6), (3, 3, 1, 12), padding=SAME_UPPER, groups=6, bias=True),
        Geometry((2, 4, 5, 6), (1, 1, 3, 6), (1, 2), groups=2),
    )
    tags = ("regression",)
    found = []
    for kind in kinds:
        for geometry in geometries:
            found.append(integer_case(kind, geometry, Setting(MIDDLE, ZERO, True), "axis", axis, tags=tags))
            wider = Setting(MIDDLE, ZERO, True, wide=True)
            found.append(integer_case(kind, replace(geometry, dilations=(2, 1)), wider, "wide", wide, tags=tags))
        biased = replace(geometries[0], strides=(2, 1))
        found.append(integer_case(kind, biased, Setting(MIDDLE, MIDDLE, True), "bias", of_bias, tags=tags))
        for geometry in geometries[:2]:
            setting = Setting(MIDDLE, ZERO, True, saturated=0.45)
            found.append(integer_case(kind, replace(geometry, bias=False), setting, "saturated", cut, tags=tags))
        far = Geometry((1, 4, 5, 3), (3, 3, 3, 4), padding=EXPLICIT, explicit_pads=(2, 1, 1, 3))
        found.append(integer_case(kind, far, Setting(EXTREME, ZERO, True), "pads", pads, tags=tags))
        middle = 0 if kind.output == INT8 else 128
        zero = (middle + 3 if kind.input == INT8 else 131, 0 if kind.filter == INT8 else 120, middle - 2)
        around = [(number - 3, number + 3) for number in zero]
        for multiplier in (1.0, 3.0):
            data = Between(around[0], around[1], around[1], zero, (multiplier, (0.5,), 0.5))
            slug = f"multiplier-{int(multiplier)}"
            found.append(between(kind, Geometry((1, 4, 5, 2), (1, 2, 2, 3)), slug, one, data))
    return found
