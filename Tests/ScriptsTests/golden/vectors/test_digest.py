"""Digest cases, derived anew with Python's integers and fractions, from what is stored alone."""

import hashlib
import struct
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
from golden.answers.reference import exact_sum
from golden.drawing.families import DRAWS, draw_integers, draw_reals
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.vectors import digest
from golden.vectors.build import CaseError, Vector, build
from golden.vectors.case import Case

MASK = 2**64 - 1
GEOMETRIES = (
    Geometry((2, 5, 6, 4), (3, 2, 2, 6), (2, 1), (1, 2), SAME_LOWER, groups=2, bias=True),
    Geometry((1, 6, 7, 3), (2, 3, 1, 6), (1, 2), (2, 1), SAME_UPPER, groups=3),
    Geometry((3, 4, 5, 3), (2, 2, 3, 4), padding=EXPLICIT, explicit_pads=(1, 0, 2, 3), bias=True),
)


def splitmix(seed: int, index: int) -> int:
    z = (seed + (index + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def derived(vector: Vector, tensor: str, count: int) -> list[Fraction]:
    """The elements of a tensor, by the README's formulas."""
    members = vector.members
    stream = splitmix(int(members["seed"]), ("input", "filter", "bias").index(tensor))
    bits = [splitmix(stream, index) >> 40 for index in range(count)]
    if members["data"] == "integer":
        bound = int(members[f"{tensor}_bound"])
        return [Fraction((z * (2 * bound + 1) >> 24) - bound) for z in bits]
    return [Fraction(z - 2**23, 2**23) for z in bits]


def sha256(values: list[float]) -> str:
    return hashlib.sha256(struct.pack(f"<{len(values)}f", *values)).hexdigest()


@pytest.mark.parametrize("data", DRAWS)
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=range(len(GEOMETRIES)))
def test_everything_follows_from_what_is_stored(geometry: Geometry, data: str) -> None:
    vector = build("suite", Case("case", geometry, "A case.", data=data, is_digest=True))
    members, samples = vector.members, vector.datasets
    batch, height, width, channels = members["input_shape"].tolist()
    kh, kw, depth, filters = members["filter_shape"].tolist()
    image = derived(vector, "input", batch * height * width * channels)
    weights = derived(vector, "filter", kh * kw * depth * filters)
    bias = derived(vector, "bias", filters) if geometry.bias else [Fraction(0)] * filters
    assert members["input_sha256"] == sha256(list(map(float, image)))
    assert members["filter_sha256"] == sha256(list(map(float, weights)))
    assert ("bias_sha256" in members) == geometry.bias
    if geometry.bias:
        assert members["bias_sha256"] == sha256(list(map(float, bias)))

    top, _, left, _ = members["pads"].tolist()
    (sh, sw), (dh, dw) = members["strides"].tolist(), members["dilations"].tolist()
    sums, magnitudes = {}, {}
    for n, i, j, o in np.ndindex(geometry.output):
        terms = [bias[o]]
        for p, q, c in product(range(kh), range(kw), range(depth)):
            y, x = i * sh + p * dh - top, j * sw + q * dw - left
            if 0 <= y < height and 0 <= x < width:
                channel = o // (filters // geometry.groups) * depth + c
                of_image = image[((n * height + y) * width + x) * channels + channel]
                terms.append(of_image * weights[((p * kw + q) * depth + c) * filters + o])
        sums[n, i, j, o], magnitudes[n, i, j, o] = sum(terms), sum(map(abs, terms))
    assert members["output_sha256"] == sha256([float(np.float32(float(total))) for total in sums.values()])

    assert 30 < len(samples["sample_index"]) <= digest.SAMPLES
    # In the order in which they were put in: the C order of the output.
    exact, scale = list(sums.values()), list(magnitudes.values())
    for place, expected, magnitude in zip(
        *(samples[f"sample_{x}"] for x in ("index", "expected", "magnitude")), strict=True
    ):
        assert expected == float(exact[place])
        assert Fraction(float(magnitude)) >= scale[place]
        assert Fraction(float(np.nextafter(magnitude, np.float32(0)))) < scale[place]


def test_sampled_are_the_corners_the_borders_and_the_inside() -> None:
    shape = (3, 9, 11, 7)
    indices = {tuple(index) for index in digest.sample_indices(shape, 5).tolist()}
    assert indices >= set(product((0, 2), (0, 8), (0, 10), (0, 6)))
    assert all(0 <= place < size for index in indices for place, size in zip(index, shape, strict=True))
    inside = [index for index in indices if 0 < index[1] < 8 and 0 < index[2] < 10]
    borders = [index for index in indices if (index[1] in (0, 8)) != (index[2] in (0, 10))]
    for axis, end in ((1, 0), (1, 8), (2, 0), (2, 10)):
        assert sum(index[axis] == end for index in borders) > 2
    assert len(inside) > 10
    assert len(borders) > 10


@pytest.mark.parametrize("block", [1, 50, 1000, 10**6])
def test_blocks_do_not_change_the_sums(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(digest, "BLOCK", block)
    for geometry in GEOMETRIES:
        for draw, grid in ((draw_integers, 0), (draw_reals, 23)):
            tensors = draw(geometry, 3)
            output, _ = digest.exact_output(tensors, geometry, grid)
            assert np.array_equal(output, exact_sum(*tensors, geometry).to_float64())


def test_large_sums_of_reals_are_rounded_once_and_the_rest_is_kept() -> None:
    """Sums above 2^7 do not fit 53 bits of a grid of 2^-46."""
    geometry = Geometry((1, 2, 3, 4000), (1, 1, 4000, 2))
    image, weights, _ = draw_reals(geometry, 9)
    tensors = (np.abs(image), np.abs(weights), None)
    output, remainder = digest.exact_output(tensors, geometry, 23)
    exact = exact_sum(*tensors, geometry)
    assert np.array_equal(output, exact.to_float64())
    assert np.count_nonzero(remainder) > 6
    for index in np.ndindex(output.shape):
        total = Fraction(int(exact.whole[index]), 2**exact.scale)
        assert Fraction(output[index]) + Fraction(remainder[index]) == total


def test_sums_that_are_not_exact_are_refused() -> None:
    geometry = Geometry((1, 1, 1, 2**17), (1, 1, 2**17, 1))
    with pytest.raises(ValueError, match="not exact"):
        digest.exact_output(draw_reals(geometry, 9), geometry, 23)


@pytest.mark.parametrize(("beside", "hazard"), [(0.0, False), (2.0**-60, True), (-(2.0**-60), True)])
def test_double_rounding_is_noticed(beside: float, hazard: bool) -> None:
    tie = np.array([1 + 2.0**-24])
    assert digest.rounds_twice_wrongly(tie, np.array([beside])) is hazard
    assert not digest.rounds_twice_wrongly(np.array([1 + 2.0**-23]), np.array([beside]))


def test_formulations_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = digest.exact_output

    def off_by_one_bit(*arguments: object) -> tuple[np.ndarray, np.ndarray]:
        output, remainder = honest(*arguments)
        output[0, 0, 0, 0] = np.nextafter(output[0, 0, 0, 0], np.inf)
        return output, remainder

    monkeypatch.setattr(digest, "exact_output", off_by_one_bit)
    with pytest.raises(CaseError, match=r"suite/case: sample\[0\]"):
        build("suite", Case("case", GEOMETRIES[0], "A case.", data="real", is_digest=True))


def test_data_that_does_not_follow_from_the_seed_alone_is_refused() -> None:
    geometry = GEOMETRIES[0]
    for case in (
        Case("case", geometry, "A case.", draw=draw_integers, is_digest=True),
        Case("case", geometry, "A case.", given=draw_integers(geometry, 1), is_digest=True),
    ):
        with pytest.raises(CaseError, match="follows from its seed"):
            build("suite", case)


def test_large_tensors_are_drawn_as_small_ones_are() -> None:
    """Drawing by blocks changes nothing: the first elements are those of a smaller tensor of the same seed."""
    large = draw_integers(Geometry((1, 300, 301, 3), (1, 1, 3, 2)), 4)[0].reshape(-1)
    assert large.size > 2**18
    stream = splitmix(4, 0)
    for index in (0, 2**16 - 1, 2**16, 2**18, large.size - 1):
        assert large[index] == ((splitmix(stream, index) >> 40) * 255 >> 24) - 127
    assert prod((1, 300, 301, 3)) == large.size
