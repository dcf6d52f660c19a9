"""What the suites hold: the values that were asked for, and geometries on which faults show."""

from itertools import product
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden import suites
from golden.problem.geometry import EXPLICIT, PADDINGS, Geometry
from golden.suites import examples, grid, interactions, numerics, published, tails, views
from golden.suites.suite import Suite
from golden.vectors.build import CaseError, build
from golden.vectors.case import Case

SYSTEMATIC = (grid.SUITE, interactions.SUITE, tails.SUITE, numerics.SUITE)
DRAWN = [(suite, case) for suite in SYSTEMATIC for case in suite.cases()]


@pytest.mark.parametrize("suite", suites.ALL, ids=lambda suite: suite.name)
def test_every_case_says_what_it_is_and_what_it_catches(suite: Suite) -> None:
    for case in suite.checked_cases():
        assert case.name.isascii()
        assert "/" not in case.name
        assert case.note.endswith(".")
        assert len(case.note) > 30
        assert case.all_tags == sorted(set(case.all_tags))
        assert case.name.endswith({"integer": "-int", "real": "-real", "special": "-special"}[case.data])


def test_two_cases_of_one_name_are_refused() -> None:
    case = Case("twice", Geometry((1, 4, 5, 1), (2, 3, 1, 1)), "A case.")
    with pytest.raises(ValueError, match="more than one case is named twice"):
        Suite("suite", "", "", lambda: [case, case]).checked_cases()


def test_images_are_not_square_and_explicit_pads_differ() -> None:
    for suite, case in DRAWN:
        _, height, width, _ = case.geometry.input
        assert height != width, f"{suite.name}/{case.name}"
        if case.geometry.padding == EXPLICIT:
            assert len(set(case.geometry.pads)) == 4, f"{suite.name}/{case.name}"


def test_kernels_strides_and_dilations_mostly_differ_by_axis() -> None:
    geometries = [case.geometry for _, case in DRAWN]
    kernels = [g.filter[:2] for g in geometries if g.filter[:2] != (1, 1)]
    strides = [g.strides for g in geometries if g.strides != (1, 1)]
    dilations = [g.dilations for g in geometries if g.dilations != (1, 1)]
    for pairs in (kernels, strides, dilations):
        assert sum(height != width for height, width in pairs) > len(pairs) / 2


def test_grid_is_the_full_cross_product() -> None:
    geometries = [case.geometry for case in grid.cases()]
    seen = {(g.input[0], g.input[3], g.filter[3], g.strides, g.padding) for g in geometries}
    counts = [len({combination[factor] for combination in seen}) for factor in range(5)]
    assert all(count >= least for count, least in zip(counts, (3, 4, 4, 5, 4), strict=True))
    assert len(seen) == len(geometries) == np.prod(counts)
    assert {padding for *_, padding in seen} == set(PADDINGS)
    assert any(height != width for _, _, _, (height, width), _ in seen)
    kernels = {g.filter[:2] for g in geometries}
    assert (1, 1) in kernels
    for shape in (lambda h, w: h == w > 1, lambda h, w: h > w, lambda h, w: h < w, lambda h, w: h % 2 == w % 2 == 0):
        assert any(shape(*kernel) for kernel in kernels)


def test_tails_have_every_size_and_every_pair() -> None:
    sizes = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65)
    geometries = [case.geometry for case in tails.cases()]
    dense = [(g.input[3], g.filter[3], g.output[2]) for g in geometries if g.groups == 1]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert {(d[first], d[second]) for d in dense} >= set(product(sizes, sizes))
    for dimension, tag in enumerate(("tail-channels", "tail-filters", "tail-width")):
        alone = [case.geometry for case in tails.cases() if tag in case.tags]
        assert {(g.input[3], g.filter[3], g.output[2])[dimension] for g in alone} == set(sizes)
    depthwise = {g.input[3] for g in geometries if g.groups == g.input[3] > 1}
    assert depthwise >= {23, 24, 25, *sizes} - {1}
    assert any(g.groups > 1 and g.groups < g.input[3] == 24 for g in geometries)


def test_numerics_has_all_kinds_of_data_and_up_to_thousands_of_products() -> None:
    for distribution in numerics.DISTRIBUTIONS:
        products = [c.geometry.products for c in numerics.cases() if distribution.name in c.tags]
        if distribution.filters is None:
            assert min(products) <= 2
            assert max(products) > 4000
        else:
            assert min(products) > 512
    assert min(case.geometry.products for case in numerics.cases()) == 1


def test_cancelling_data_cancels(generated: Path) -> None:
    with h5py.File(generated / "numerics.h5") as file:
        kept = {
            name: np.abs(case["expected"]).sum() / case["magnitude"][...].sum() for name, case in file["cases"].items()
        }
    for case in numerics.cases():
        left = kept[case.name]
        if "cancelling" in case.name:
            assert left < 2.0**-6, case.name
        if case.name.startswith(("positive", "negative")):
            assert left > 0.999, case.name


def test_an_example_that_contradicts_its_publication_is_refused() -> None:
    check = examples.answers([[14, 6], [6, 13]])
    sliding = next(case for case in examples.values() if case.name.startswith("sliding"))
    with pytest.raises(CaseError, match=r"contradicts what was published.*13"):
        build("examples", Case(sliding.name, sliding.geometry, "A case.", given=sliding.given, check=check))


def test_strict_convolution_and_cross_correlation_are_told_apart() -> None:
    by_name = {case.name: build("examples", case).datasets["expected"][0, :, :, 0] for case in examples.values()}
    assert by_name["cross-correlation-2x2-valid-int"].tolist() == [[19, 25], [37, 43]]
    assert by_name["strict-convolution-2x2-valid-int"].tolist() == [[5, 11], [23, 29]]


@pytest.mark.parametrize("case", examples.layers()[:3], ids=lambda case: case.name)
def test_each_view_notices_one_wrong_value(case: Case) -> None:
    data = build("examples", case).datasets
    tensors = (data["input"], data["filter"], data.get("bias"))
    case.check(tensors, data["expected"])
    wrong = data["expected"].copy()
    wrong[0, -1, 0, 1] += 1
    with pytest.raises(ValueError, match="contradicts"):
        case.check(tensors, wrong)


def test_a_published_geometry_that_does_not_hold_is_noticed() -> None:
    row = published.ROWS[0]
    wrong = published.Row(row.input, row.filter, 2, row.padding, row.output)
    with pytest.raises(ValueError, match="contradicts"):
        published.prove_rows((wrong, *published.ROWS[1:]))


def test_learning_that_does_not_converge_is_noticed() -> None:
    with pytest.raises(ValueError, match="did not learn"):
        views.prove_learning(examples.EDGES, limit=3)
