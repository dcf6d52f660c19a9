"""NaN and infinities at the end of every axis: where they show, and that whoever drops the end does not pass."""

from itertools import product

import numpy as np
import pytest
from golden.answers.reference import loop_over_taps
from golden.drawing.streams import case_seed
from golden.suites import special, special_tails
from golden.suites.special_tails import LAST, SETTINGS, SIZES, VALUES

PROBLEMS = [problem for problem in special_tails.problems() if "-at-end-of-" in problem.slug]
AXIS_OF_OUTPUT = {"batch": 0, "rows": 1, "columns": 2, "filters": 3, "groups": 3}


def output(problem: special_tails.Special, scale: float = 1.0) -> np.ndarray:
    """The output in float64; `scale` of 0 takes what is special for 1."""
    tensors = problem.case().tensors(case_seed(problem.slug))
    image, weights, bias = (None if t is None else t.astype(np.float64) for t in tensors)
    if scale == 0:
        image, weights = (np.where(np.isfinite(t), t, 1) for t in (image, weights))
    with np.errstate(invalid="ignore"):
        return loop_over_taps(image, weights, bias, problem.geometry)


def test_every_size_meets_every_setting_and_every_value() -> None:
    slugs = {problem.slug for problem in PROBLEMS}
    for axis, sizes in SIZES.items():
        assert set(LAST) == set(SIZES)
        for size, value in product(sizes, VALUES):
            assert f"{value}-at-end-of-{axis}-{size}" in slugs
        assert len([p for p in PROBLEMS if f"-of-{axis}-" in p.slug]) == len(sizes) * (
            len(SETTINGS) - (axis == "groups")
        )
    geometries = [problem.geometry for problem in PROBLEMS]
    assert any(g.strides == (2, 2) and g.bias and g.output[1] == 13 for g in geometries)  # row 12
    assert any(g.strides == (2, 2) and g.bias and g.filter[3] == 21 for g in geometries)  # filter 20
    assert any(g.output[2] == 17 for g in geometries)  # column 16
    assert max(g.products for g in geometries) > 250


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.case().name)
def test_what_is_special_shows_at_the_end_and_mostly_there(problem: special_tails.Special) -> None:
    got = ~np.isfinite(output(problem))
    assert 0 < got.sum() <= got.size / 2
    axis = problem.slug.split("-of-")[1].rsplit("-", 1)[0]
    if axis in AXIS_OF_OUTPUT:
        along = np.moveaxis(got, AXIS_OF_OUTPUT[axis], 0)
        assert along[-1].any()
        assert not along[: len(along) // 2].any()
    assert np.isfinite(output(problem, scale=0)).all()


def test_a_filter_of_zeros_does_not_hide_what_is_not_finite() -> None:
    for problem in PROBLEMS:
        image, weights, _ = problem.case().tensors(case_seed(problem.slug))
        if problem.thin and np.isfinite(weights).all():
            assert not weights[..., -1].any()
            assert np.isnan(output(problem)[..., -1]).any()
        elif problem.thin:
            assert not image[1].any()
            assert np.isnan(output(problem)[1, ..., -1]).all()


def test_infinities_cancel_across_blocks() -> None:
    problems = special_tails.across_blocks()
    assert max(problem.geometry.products for problem in problems) > 300
    for problem in problems:
        assert np.isnan(output(problem)).any(), problem.slug


def test_the_suite_has_them() -> None:
    names = {case.name for case in special.SUITE.checked_cases()}
    assert {problem.case().name for problem in special_tails.problems()} <= names
