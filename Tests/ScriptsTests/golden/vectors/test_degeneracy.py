"""Degenerate data is seen, drawn anew, and refused where it is given."""

import numpy as np
import pytest
from golden.drawing.families import Tensors, draw_integers
from golden.drawing.operands import by_role
from golden.drawing.streams import case_seed
from golden.problem.geometry import EXPLICIT, Geometry
from golden.problem.kinds import PLAIN
from golden.vectors import degeneracy
from golden.vectors.build import CaseError, build
from golden.vectors.case import Case

GEOMETRY = Geometry((2, 4, 5, 3), (3, 3, 3, 2))


def sound() -> Tensors:
    return draw_integers(GEOMETRY, 1)


def constant_filter() -> Tensors:
    x, w, b = sound()
    w[..., 1] = 5
    return x, w, b


def flipped(axes: tuple[int, ...]) -> Tensors:
    x, w, b = sound()
    w[..., 0] += np.flip(w[..., 0], axes)
    return x, w, b


def transposed() -> Tensors:
    x, w, b = sound()
    w[..., 1] += w[..., 1].swapaxes(0, 1)
    return x, w, b


def equal_filters() -> Tensors:
    x, w, b = sound()
    w[..., 1] = w[..., 0]
    return x, w, b


def equal_channels_of_input() -> Tensors:
    x, w, b = sound()
    x[..., 2] = x[..., 0]
    return x, w, b


def equal_channels_of_filter() -> Tensors:
    x, w, b = sound()
    w[:, :, 2] = w[:, :, 0]
    return x, w, b


def equal_batches() -> Tensors:
    x, w, b = sound()
    x[1] = x[0]
    return x, w, b


def mostly_zero() -> Tensors:
    x, w, b = sound()
    x[:, 1:] = 0
    x[0, 0, 2:] = 0
    x[1, 0, 0] = 0
    return x, w, b


BROKEN = {
    "constant": (constant_filter, degeneracy.CONSTANT_FILTER),
    "flipped in height": (lambda: flipped((0,)), degeneracy.SYMMETRIC_FILTER),
    "flipped in width": (lambda: flipped((1,)), degeneracy.SYMMETRIC_FILTER),
    "flipped in both": (lambda: flipped((0, 1)), degeneracy.SYMMETRIC_FILTER),
    "transposed": (transposed, degeneracy.SYMMETRIC_FILTER),
    "equal filters": (equal_filters, degeneracy.EQUAL_FILTERS),
    "equal channels of the input": (equal_channels_of_input, degeneracy.EQUAL_CHANNELS),
    "equal channels of the filter": (equal_channels_of_filter, degeneracy.EQUAL_CHANNELS),
    "equal batches": (equal_batches, degeneracy.EQUAL_BATCHES),
    "mostly zero": (mostly_zero, degeneracy.MOSTLY_ZERO),
}


def test_sound_data_is_accepted() -> None:
    assert build("suite", Case("case", GEOMETRY, "A case.", given=sound())).members["note"] == "A case."


@pytest.mark.parametrize("name", BROKEN)
def test_degenerate_data_is_refused_by_name(name: str) -> None:
    make, kind = BROKEN[name]
    with pytest.raises(CaseError, match=f"suite/case: degenerate: .*{kind}"):
        build("suite", Case("case", GEOMETRY, "A case.", given=make()))


@pytest.mark.parametrize("name", BROKEN)
def test_a_reason_lets_it_pass_and_ends_up_in_the_note(name: str) -> None:
    make, kind = BROKEN[name]
    allowed = dict.fromkeys([kind, degeneracy.SYMMETRIC_FILTER], "as it was published")
    note = build("suite", Case("case", GEOMETRY, "A case.", given=make(), allowed=allowed)).members["note"]
    assert f"Has {kind}: as it was published." in note


@pytest.mark.parametrize("bias", [False, True])
def test_an_output_of_the_bias_alone_is_refused_whatever_else_is_allowed(bias: bool) -> None:
    """All that the one window sees is padding: an engine that multiplies nothing would pass."""
    geometry = Geometry((1, 4, 5, 2), (2, 2, 2, 3), (9, 9), padding=EXPLICIT, explicit_pads=(2, 0, 1, 1), bias=bias)
    allowed = dict.fromkeys(degeneracy.KINDS, "so few elements leave no choice")
    with pytest.raises(CaseError, match="degenerate: nothing but the bias in the output"):
        build("suite", Case("case", geometry, "A case.", allowed=allowed))
    allowed |= {degeneracy.BIAS_ALONE: "that is the point"}
    note = build("suite", Case("case", geometry, "A case.", allowed=allowed)).members["note"]
    assert "Has nothing but the bias in the output: that is the point." in note


def test_an_output_that_one_product_reaches_is_judged() -> None:
    weights = np.zeros((1, 1, 1, 2), np.float32)
    bias = np.array([3, 0], np.float32)
    expected = np.array([[[[3, 0], [3, 1]]]], np.float64)
    image = np.zeros((1, 1, 2, 1), np.float32)
    assert degeneracy.BIAS_ALONE not in degeneracy.degeneracies(PLAIN, by_role((image, weights, bias)), expected)
    expected[0, 0, 1, 1] = 0
    assert degeneracy.BIAS_ALONE in degeneracy.degeneracies(PLAIN, by_role((image, weights, bias)), expected)


def test_a_reason_that_is_not_needed_is_not_told() -> None:
    case = Case("case", GEOMETRY, "A case.", allowed={degeneracy.MOSTLY_ZERO: "never seen"})
    assert build("suite", case).members["note"] == "A case."


def test_drawn_data_is_drawn_anew_with_a_counter() -> None:
    unlucky = {case_seed("suite/case", attempt) for attempt in (0, 1)}

    def draw(geometry: Geometry, seed: int) -> Tensors:
        x, w, b = draw_integers(geometry, seed)
        return (x, np.ones_like(w), b) if seed in unlucky else (x, w, b)

    vector = build("suite", Case("case", GEOMETRY, "A case.", draw=draw))
    assert vector.members["seed"] == case_seed("suite/case", 2)


def test_single_values_must_differ_from_their_neighbours_only() -> None:
    assert not degeneracy.has_equal_slices(np.array([[[[1, 2, 1]]]]), axis=3)
    assert degeneracy.has_equal_slices(np.array([[[[1, 1, 2]]]]), axis=3)
