"""The exact reference, against the definition written out with fractions."""

from fractions import Fraction

import numpy as np
import pytest
from golden.answers import reference, rounding
from golden.answers.rounding import Exact
from golden.drawing import distributions, families
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry
from golden.vectors import build as building
from golden.vectors.build import CaseError, build
from golden.vectors.case import Case

GEOMETRIES = (
    Geometry((2, 4, 5, 3), (3, 2, 3, 2), bias=True),
    Geometry((1, 5, 6, 4), (2, 3, 2, 6), (2, 1), (1, 2), SAME_UPPER, groups=2, bias=True),
    Geometry((1, 4, 6, 3), (3, 2, 1, 6), (1, 2), (2, 1), SAME_LOWER, groups=3),
    Geometry((2, 3, 4, 2), (2, 2, 2, 3), (3, 2), (1, 1), EXPLICIT, (0, 3, 1, 2)),
    Geometry((1, 6, 7, 2), (2, 3, 2, 3), (2, 1), (1, 1), EXPLICIT, (-1, 2, 3, -2), bias=True),
    Geometry((1, 2, 4, 2), (2, 2, 2, 3), (1, 1), (1, 1), EXPLICIT, (-3, 4, 5, -6)),
)
DRAWS = (
    families.draw_integers,
    families.draw_reals,
    distributions.draw_positive,
    distributions.draw_negative,
    distributions.draw_binades,
    distributions.draw_small_onto_large,
)


def defined(image: np.ndarray, weights: np.ndarray, bias: np.ndarray | None, geometry: Geometry) -> dict:
    """The definition, an element at a time."""
    top, _, left, _ = geometry.pads
    _, height, width, _ = image.shape
    kh, kw, depth, filters = weights.shape
    sums = {}
    for n, i, j, o in np.ndindex(geometry.output):
        total = Fraction(0) if bias is None else Fraction(float(bias[o]))
        first = o // (filters // geometry.groups) * depth
        for p, q, c in np.ndindex(kh, kw, depth):
            y = i * geometry.strides[0] + p * geometry.dilations[0] - top
            x = j * geometry.strides[1] + q * geometry.dilations[1] - left
            if 0 <= y < height and 0 <= x < width:
                total += Fraction(float(image[n, y, x, first + c])) * Fraction(float(weights[p, q, c, o]))
        sums[n, i, j, o] = total
    return sums


@pytest.mark.parametrize("draws", DRAWS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=range(len(GEOMETRIES)))
def test_both_formulations_are_the_exact_sum_rounded_once(draws: families.Draw, geometry: Geometry) -> None:
    tensors = draws(geometry, 11)
    sums = defined(*tensors, geometry)
    exact = reference.exact_sum(*tensors, geometry)
    patches = reference.patches_times_matrix(*tensors, geometry)
    for index, total in sums.items():
        assert Fraction(int(exact.whole[index]), 2**exact.scale) == total
        assert exact.to_float64()[index] == float(total)
        assert patches[index] == float(total)


@pytest.mark.parametrize("draws", DRAWS, ids=lambda function: function.__name__)
def test_magnitude_is_the_least_float32_not_below(draws: families.Draw) -> None:
    geometry = GEOMETRIES[0]
    tensors = [None if tensor is None else np.abs(tensor) for tensor in draws(geometry, 12)]
    upwards = reference.exact_sum(*tensors, geometry).to_float32_upwards()
    assert upwards.dtype == np.float32
    for index, total in defined(*tensors, geometry).items():
        assert Fraction(float(upwards[index])) >= total
        assert Fraction(float(np.nextafter(upwards[index], np.float32(-np.inf)))) < total


def test_wide_exponents_use_python_integers_and_fsum_and_agree() -> None:
    geometry = Geometry((1, 3, 4, 5), (2, 2, 5, 2))
    x, w, _ = distributions.draw_binades(geometry, 3)
    x[0, 0, 0] *= np.float32(2.0**60)
    exact = reference.exact_sum(x, w, None, geometry)
    assert exact.whole.dtype == object
    assert np.array_equal(exact.to_float64(), reference.patches_times_matrix(x, w, None, geometry))


def test_a_tie_goes_to_even_and_what_lies_beside_it_does_not() -> None:
    tie = 2**54 + 2  # halfway between 2^54 and 2^54 + 4
    exact = Exact(np.array([tie, tie - 1, tie + 1], object), 0)
    assert exact.to_float64().tolist() == [2.0**54, 2.0**54, 2.0**54 + 4]


@pytest.mark.parametrize(
    ("value", "hazard"),
    [
        (2**60 + 2**36, False),  # halfway between float32 values, exactly: both ways round to even
        (2**60 + 2**36 + 1, True),  # just above: float64 drops the 1, float32 then rounds down
        (2**60 + 2**36 - 1, True),
        (2**60 + 2**35 + 1, False),
        (2**24 + 1, False),
    ],
)
def test_double_rounding_is_noticed(value: int, hazard: bool) -> None:
    assert Exact(np.array([value], object), 7).rounds_twice_wrongly() is hazard


def test_whole_numbers_have_the_least_scale() -> None:
    whole, scale = rounding.to_whole(np.array([0.0, -1.5, 2.0**-10, 6], np.float32))
    assert scale == 10
    assert whole.tolist() == [0, -1536, 1, 6144]
    assert rounding.to_whole(np.zeros(3, np.float32))[1] == 0
    assert rounding.to_whole(np.array([2.0**-149], np.float32))[1] == 149


def test_formulations_that_differ_in_a_bit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case("case", GEOMETRIES[0], "A case.")
    build("suite", case)
    honest = building.patches_times_matrix

    def off_by_one_bit(*arguments: object) -> np.ndarray:
        output = honest(*arguments)
        output[-1, -1, -1, -1] = np.nextafter(output[-1, -1, -1, -1], np.inf)
        return output

    monkeypatch.setattr(building, "patches_times_matrix", off_by_one_bit)
    with pytest.raises(CaseError, match=r"suite/case: output\[1, 1, 3, 1\]"):
        build("suite", case)


def test_integer_data_that_is_not_exact_in_float32_is_refused() -> None:
    def large(geometry: Geometry, seed: int) -> families.Tensors:
        x, w, b = families.draw_integers(geometry, seed)
        return x * np.float32(64), w * np.float32(32), b

    with pytest.raises(CaseError, match="not exact in float32"):
        build("suite", Case("case", Geometry((1, 5, 6, 4), (3, 2, 4, 2)), "A case.", draw=large))
