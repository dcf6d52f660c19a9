"""What must be refused is invalid, and nothing else is, by a checker that knows the definition only."""

import numpy as np
import pytest
from golden import suites
from golden.problem.geometry import Geometry
from golden.suites import invalid
from golden.vectors.build import CaseError, build
from golden.vectors.case import REJECTION, Case

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


@pytest.mark.parametrize("suite", suites.ALL, ids=lambda suite: suite.name)
def test_a_case_has_an_output_where_it_says_so(suite: suites.Suite) -> None:
    for case in suite.cases():
        biases = None
        if case.geometry.bias:
            biases = len(case.tensors(1)[2]) if case.expect == REJECTION else case.geometry.filter[3]
        assert has_output(case.geometry, biases) is (case.expect != REJECTION), f"{suite.name}/{case.name}"


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
            assert vector.attributes["pads"].tolist() == [0, 0, 0, 0]
            assert set(vector.datasets) == {"input", "filter"}
            assert vector.attributes["expect"] == "rejection"


def test_a_valid_problem_is_no_rejection() -> None:
    case = Case("case", Geometry((1, 4, 5, 2), (3, 2, 2, 3)), "A case.", expect=REJECTION)
    with pytest.raises(CaseError, match="valid"):
        build("suite", case)
