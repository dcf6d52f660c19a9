"""Subnormal numbers: every engine that flushes some of them, in whatever order it sums, gives a stored answer."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from golden.answers import flushing
from golden.answers.alternatives import SUBNORMAL_FLUSH
from golden.problem.geometry import Geometry
from golden.problem.kinds import PLAIN
from golden.suites import special
from golden.vectors.build import CaseError, build
from golden.vectors.case import Case
from golden.vectors.vector import Vector

TINY = np.finfo(np.float32).tiny
CASES = [case for case in special.cases() if case.alternative is SUBNORMAL_FLUSH]
VECTORS = {case.name: build("special", case) for case in CASES}


def zeroed(value: np.float32) -> np.float32:
    return np.float32(0) if abs(value) < TINY else value


def engine(vector: Vector, flags: dict[str, bool], order: Callable = list, fuses: bool = False) -> np.ndarray:
    """A float32 convolution that takes what `flags` name for zero, one product after the other, in some order."""

    def on(name: str, value: np.float32) -> np.float32:
        return zeroed(value) if flags.get(name) else value

    data, members = vector.datasets, vector.members
    image, weights, bias = data["input"], data["filter"], data.get("bias")
    (sh, sw), (top, _, left, _) = members["strides"], members["pads"]
    output = np.zeros(data["expected"].shape, np.float32)
    for n, i, j, o in np.ndindex(output.shape):
        first = np.float32(0) if bias is None else on("bias", bias[o])
        total = first if flags.get("bias first") else np.float32(0)
        for p, q, c in order(list(np.ndindex(weights.shape[:3]))):
            y, x = i * sh + p - top, j * sw + q - left
            if not (0 <= y < image.shape[1] and 0 <= x < image.shape[2]):
                continue
            value = on("input", image[n, y, x, c]) * on("filter", weights[p, q, c, o])
            value = value if fuses else on("products", value)
            total = on("sums", on("accumulator", total) + value)
        if not flags.get("bias first"):
            total = on("sums", on("accumulator", total) + on("accumulator", first))
        output[n, i, j, o] = on("output", total)
    return output


def demand_stored(name: str, got: np.ndarray, what: object) -> None:
    data = VECTORS[name].datasets
    right = got == data["expected"]
    for answer in data["alternative"]:
        right |= got == answer
    assert right.all(), (name, what, np.argwhere(~right)[0])


@pytest.mark.parametrize("name", VECTORS)
def test_any_part_may_be_flushed_in_either_order(name: str) -> None:
    names = ("input", "filter", "bias", "products", "sums", "output")
    for chosen in product((False, True), repeat=len(names)):
        flags = dict(zip(names, chosen, strict=True))
        if sum(chosen) in (1, 2, 6):
            for order, bias_first in ((list, True), (lambda taps: taps[::-1], False)):
                demand_stored(name, engine(VECTORS[name], flags | {"bias first": bias_first}, order), flags)


@pytest.mark.parametrize("name", VECTORS)
def test_an_instruction_may_read_its_accumulator_as_zero(name: str) -> None:
    """DAZ without FTZ, with products that are added before they are rounded."""
    flags = dict.fromkeys(("input", "filter", "bias", "accumulator"), True)
    for order in (list, lambda taps: taps[::-1]):
        demand_stored(name, engine(VECTORS[name], flags, order, fuses=True), flags)


def test_each_part_alone_is_seen_somewhere() -> None:
    """A case for each tensor and step whose flushing alone changes the answer, and which bias alone tells apart."""
    for part in ("input", "filter", "bias", "products", "output"):
        changed = [n for n, v in VECTORS.items() if not np.array_equal(engine(v, {part: True}), v.datasets["expected"])]
        assert changed, part
    of_bias = VECTORS["subnormal-bias-b1-c1-f6-k1x1-s1x1-valid-bias-special"]
    meanings = of_bias.members["alternative_meaning"]
    answer = of_bias.datasets["alternative"][meanings.index("taken for zero where subnormal: biases")]
    assert np.array_equal(engine(of_bias, {"bias": True}), answer)


@pytest.mark.parametrize("name", VECTORS)
def test_a_flush_to_anything_but_zero_is_no_answer(name: str) -> None:
    vector = VECTORS[name]
    data = vector.datasets
    for answer in data["alternative"]:
        for wrong in (np.where(answer == 0, TINY, answer), -answer, answer * 2):
            differs = (wrong != answer) & (wrong != data["expected"])
            for other in data["alternative"]:
                differs &= wrong != other
            assert differs.any() or np.array_equal(wrong, answer)


def test_the_meanings_name_the_fewest_that_it_takes() -> None:
    stored = {name: vector.members["alternative_meaning"] for name, vector in VECTORS.items()}
    start = "taken for zero where subnormal: "
    assert stored["subnormal-products-b1-c1-f6-k1x1-s1x1-valid-special"] == [f"{start}products; or sums; or outputs"]
    assert sorted(stored["subnormal-sums-b2-c1-f3-k2x3-s1x2-same_lower-bias-special"]) == [
        f"{start}biases",
        f"{start}products",
        f"{start}sums; or outputs; or biases and products",
    ]


def test_sums_that_depend_on_their_order_are_refused() -> None:
    """1.5 and -1 of the smallest normal number, and 0.75: a sum on the way is subnormal in some orders."""
    geometry = Geometry((1, 1, 1, 4), (1, 1, 4, 1))
    image = (np.array([1.5, -1, 0.75, 1.25]) * TINY).astype(np.float32).reshape(geometry.input)
    weights = np.ones(geometry.filter, np.float32)
    operands = {"input": image, "filter": weights}
    with pytest.raises(ValueError, match="subnormal in some orders only"):
        flushing.with_subnormals_flushed(PLAIN, geometry, operands, np.array([[[[2.5 * float(TINY)]]]]))
    image[..., 3] = 0
    with pytest.raises(ValueError, match="in another order"):
        flushing.with_subnormals_flushed(PLAIN, geometry, operands, np.array([[[[1.25 * float(TINY)]]]]))


def test_many_subnormal_products_of_normal_factors_are_refused() -> None:
    """An accumulator that is read as zero would leave any one of them."""
    dense = next(case for case in CASES if case.name.startswith("subnormal-sums-b1"))
    geometry = dense.geometry

    def draw(_: Geometry, seed: int) -> tuple:
        x, w, _ = dense.draw(geometry, seed)
        return x, np.where(w == 0, np.float32(2.0**-75), w), None

    with pytest.raises(CaseError, match="more products than"):
        build("special", Case(dense.name, geometry, "A case.", data="special", draw=draw, alternative=SUBNORMAL_FLUSH))
