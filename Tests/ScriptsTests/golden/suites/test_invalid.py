"""What must be refused is invalid, and nothing else is, by a checker that knows the definition only."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from golden import suites
from golden.problem.geometry import EXPLICIT, Geometry
from golden.suites import invalid
from golden.suites.invalid_problem import PLAIN
from golden.vectors.build import CaseError, build
from golden.vectors.case import OUTPUT, REJECTION, REJECTION_OR_EMPTY, Case

LIMIT = 2**63


def has_output(geometry: Geometry, biases: int | None) -> bool:
    """Whether every element of an output is defined, and all sizes on the way fit 64 bits."""
    batch, *image, channels = geometry.input
    *kernel, depth, filters = geometry.filter
    if geometry.groups <= 0 or min(kernel) <= 0 or min(geometry.strides) <= 0 or min(geometry.dilations) <= 0:
        return False
    # Each group has the same number of whole channels and of whole filters, and the filter has just those channels.
    if depth * geometry.groups != channels or filters != filters // geometry.groups * geometry.groups:
        return False
    if biases is not None and biases != filters:
        return False
    windows = [batch, filters]
    for axis, size in enumerate(image):
        before, after = geometry.pads[2 * axis : 2 * axis + 2]
        last_tap = (kernel[axis] - 1) * geometry.dilations[axis]
        if last_tap + 1 >= LIMIT or size + before + after >= LIMIT:
            return False
        if geometry.padding.startswith("SAME"):
            windows.append(-(-size // geometry.strides[axis]))
            continue
        places = size + before + after - last_tap  # where the first tap can lie
        if places < 1:
            return False
        windows.append((places - 1) // geometry.strides[axis] + 1)
    return int(np.prod(np.array(windows, object))) < LIMIT


def operands_fit(case: Case) -> bool:
    """Whether a case of any other kind has an answer: an output that is defined, and operands of its shapes."""
    geometry, operation = case.geometry, case.kind.operation
    if not has_output(geometry, None):
        return False
    if case.expect == OUTPUT:
        return True  # what is drawn has the shapes of the kind, which each vector is checked for
    operands = case.operands(1)
    shapes = {"input": geometry.input, "filter": geometry.filter, "output": geometry.output}
    shapes["bias"] = (geometry.input[3] if operation == "input-gradient" else geometry.filter[3],)
    return all(values.shape == shapes[role] for role, values in operands.items() if role in shapes)


@pytest.mark.parametrize("suite", suites.ALL, ids=lambda suite: suite.name)
def test_a_case_has_an_output_where_it_says_so(suite: suites.Suite) -> None:
    for case in suite.cases():
        biases = None
        if not case.kind.is_plain:
            assert operands_fit(case) is (case.expect == OUTPUT), f"{suite.name}/{case.name}"
            continue
        if case.geometry.bias:
            biases = len(case.tensors(1)[2]) if case.expect != OUTPUT else case.geometry.filter[3]
        assert has_output(case.geometry, biases) is (case.expect == OUTPUT), f"{suite.name}/{case.name}"


def test_every_kind_is_there() -> None:
    geometries = [case.geometry for case in invalid.cases()]
    for kind in (
        lambda g: g.groups == 0,
        lambda g: g.groups > 0 and g.input[3] % g.groups,
        lambda g: g.groups > 0 and g.filter[3] % g.groups,
        *(lambda g, axis=axis: g.dilations[axis] == 0 < g.dilations[1 - axis] for axis in (0, 1)),
        *(lambda g, axis=axis: g.strides[axis] == 0 < g.strides[1 - axis] for axis in (0, 1)),
        *(lambda g, axis=axis: g.strides[axis] < 0 for axis in (0, 1)),
        *(lambda g, axis=axis: g.dilations[axis] < 0 for axis in (0, 1)),
        *(lambda g, axis=axis: g.filter[axis] == 0 for axis in (0, 1)),
        lambda g: g.filter[2] * g.groups > g.input[3] > 0,
        lambda g: g.filter[2] * g.groups < g.input[3],
        *(lambda g, axis=axis: g.padding == "VALID" and g.filter[axis] > g.input[1 + axis] > 0 for axis in (0, 1)),
        *(
            lambda g, axis=axis: g.padding == "VALID" and g.extent[axis] > g.input[1 + axis] > g.filter[axis]
            for axis in (0, 1)
        ),
        lambda g: g.padding == "EXPLICIT" and g.extent[1] > g.input[2] + sum(g.pads[2:]) > g.input[2],
        lambda g: sum(g.pads) >= LIMIT,
        lambda g: max(g.dilations) * max(g.filter[:2]) >= LIMIT,
    ):
        assert any(kind(geometry) for geometry in geometries)
    lengths = {(len(c.tensors(1)[2]), c.geometry.filter[3]) for c in invalid.cases() if c.geometry.bias}
    assert {length > filters for length, filters in lengths} == {True, False}


def test_stored_pads_are_zero_where_same_is_not_defined() -> None:
    for case in invalid.cases():
        geometry = case.geometry
        if geometry.padding.startswith("SAME") and 0 in (*geometry.strides, *geometry.dilations, *geometry.filter[:2]):
            vector = build("invalid", case)
            assert vector.members["pads"].tolist() == [0, 0, 0, 0]
            assert set(vector.datasets) == {"input", "filter"}
            assert vector.members["expect"] == "rejection"


def test_an_empty_output_is_right_where_the_kernel_alone_is_too_large() -> None:
    """By another definition: with enough zeros around what the pads leave of the image there would be an output."""
    counts = Counter(case.expect for case in invalid.cases())
    assert counts == {REJECTION: 46, REJECTION_OR_EMPTY: 14}
    for case in invalid.cases():
        geometry = case.geometry
        biases = len(case.tensors(1)[2]) if geometry.bias else None
        sums = [geometry.input[1] + sum(geometry.pads[:2]), geometry.input[2] + sum(geometry.pads[2:])]
        lacking = [max(extent - size, 0) for extent, size in zip(geometry.extent, sums, strict=True)]
        top, bottom, left, right = geometry.pads
        wider = (top, bottom + lacking[0], left, right + lacking[1])
        enlarged = replace(geometry, padding=EXPLICIT, explicit_pads=wider)
        fits = max(*geometry.extent, *sums) < LIMIT and min(sums) >= 0
        only_too_large = any(lacking) and fits and has_output(enlarged, biases)
        assert (case.expect == REJECTION_OR_EMPTY) is only_too_large, case.name


TWICE_WRONG = {
    "negative groups of a filter for others": replace(PLAIN, groups=-2),
    "a stride of 0 and a kernel that is too large": replace(PLAIN, filter=(9, 2, 4, 6), strides=(0, 1)),
    "a dilation of 0 and a stride of 0": replace(PLAIN, dilations=(0, 1), strides=(1, 0)),
    "a filter for fewer channels, and too large": replace(PLAIN, filter=(9, 2, 3, 6)),
}


@pytest.mark.parametrize("name", TWICE_WRONG)
def test_a_problem_that_is_wrong_in_two_ways_is_refused(name: str) -> None:
    with pytest.raises(CaseError, match="wrong in more than one way"):
        build("suite", Case("case", TWICE_WRONG[name], "A case.", expect=REJECTION))


@pytest.mark.parametrize(
    ("geometry", "expect"),
    [(replace(PLAIN, filter=(9, 2, 4, 6)), REJECTION), (replace(PLAIN, strides=(0, 1)), REJECTION_OR_EMPTY)],
)
def test_the_wrong_expectation_is_refused(geometry: Geometry, expect: str) -> None:
    with pytest.raises(CaseError, match=f"expects {expect}, where rejection.* is right"):
        build("suite", Case("case", geometry, "A case.", expect=expect))


def test_what_reaches_beyond_32_bits_has_a_tag() -> None:
    for suite in suites.ALL:
        for case in suite.cases():
            geometry = case.geometry
            told = [*geometry.strides, *geometry.dilations, *geometry.pads, *geometry.input, *geometry.filter]
            is_extreme = any(not -(2**31) < number < 2**31 for number in told)
            assert ("extreme" in case.all_tags) is is_extreme, case.name
    assert sum("extreme" in case.all_tags for case in invalid.cases()) == 9


def test_a_valid_problem_is_no_rejection() -> None:
    case = Case("case", Geometry((1, 4, 5, 2), (3, 2, 2, 3)), "A case.", expect=REJECTION)
    with pytest.raises(CaseError, match="valid"):
        build("suite", case)
