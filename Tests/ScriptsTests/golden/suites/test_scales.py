"""The suite `scales`: what meets what, recomputed from the cases' geometry without the modules that choose it."""

from collections import Counter
from functools import cache
from itertools import combinations, product
from math import prod
from pathlib import Path

import pytest
from golden.problem.geometry import EXPLICIT, VALID, Geometry
from golden.problem.naming import INTEGER, REAL
from golden.suites import scales, scales_possible, scales_search, scales_table
from golden.suites.scales_levels import EXTENTS, OUTPUTS, PADS, STEPS
from golden.vectors.build import build
from golden.vectors.case import Case

BLOCKS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 128, 129, 255, 256)
OUTPUT_LEVELS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 128, 129, 256)
LEVELS = {
    "batch": (1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33),
    "channels": BLOCKS,
    "filters": BLOCKS,
    "groups": (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64),
    "kh": (*range(1, 14), 16, 31),
    "kw": (*range(1, 14), 16, 31),
    "rows": OUTPUT_LEVELS,
    "columns": OUTPUT_LEVELS,
    "sh": range(1, 10),
    "sw": range(1, 10),
    "dh": range(1, 10),
    "dw": range(1, 10),
    "top": (-3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16),
    "bottom": (-3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16),
    "left": (-3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16),
    "right": (-3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 16),
}


def sizes(g: Geometry) -> dict[str, int]:
    """The sizes on which something depends."""
    batch, height, width, _ = g.input
    kh, kw, depth, filters = g.filter
    top, bottom, left, right = g.pads
    rows = (height + top + bottom - (kh - 1) * g.dilations[0] - 1) // g.strides[0] + 1
    columns = (width + left + right - (kw - 1) * g.dilations[1] - 1) // g.strides[1] + 1
    found = {"batch": batch, "channels": depth, "filters": filters // g.groups, "groups": g.groups}
    found |= {"kh": kh, "kw": kw, "rows": rows, "columns": columns}
    found |= {"sh": g.strides[0]} if rows > 1 or g.strides[0] == 1 else {}
    found |= {"sw": g.strides[1]} if columns > 1 or g.strides[1] == 1 else {}
    found |= {"dh": g.dilations[0]} if kh > 1 or g.dilations[0] == 1 else {}
    found |= {"dw": g.dilations[1]} if kw > 1 or g.dilations[1] == 1 else {}
    if g.padding == EXPLICIT and not is_causal(g):
        found |= {"top": top, "bottom": bottom, "left": left, "right": right}
    return found


def is_causal(g: Geometry) -> bool:
    reach = (g.filter[1] - 1) * g.dilations[1]
    return g.padding == EXPLICIT and g.input[1] == g.filter[0] == 1 and reach > 0 and g.pads == (0, 0, reach, 0)


def traits(g: Geometry) -> set[str]:
    """The features, by names of their own."""
    size = sizes(g)
    kernel, (top, bottom, left, right) = g.filter[:2], g.pads
    strides = (size.get("sh", 1) > 1, size.get("sw", 1) > 1)
    dilations = (size.get("dh", 1) > 1, size.get("dw", 1) > 1)
    explicit = g.padding == EXPLICIT and not is_causal(g)
    whole = explicit and min(g.pads) >= 0
    extents = [(k - 1) * d + 1 for k, d in zip(kernel, g.dilations, strict=True)]
    return {
        name
        for name, is_so in {
            "dense": g.groups == 1,
            "grouped": g.groups > 1 and g.filter[2] > 1,
            "depthwise": g.groups > 1 and g.filter[2] == 1,
            "multiplier": g.groups > 1 and g.filter[2] == 1 and g.filter[3] > g.groups,
            "VALID": g.padding == VALID,
            "SAME_UPPER": g.padding == "SAME_UPPER",
            "SAME_LOWER": g.padding == "SAME_LOWER",
            "unequal": whole and len({top, bottom, left, right}) == 4,
            "beyond": whole and (max(top, bottom) >= extents[0] or max(left, right) >= extents[1]),
            "crop": explicit and not whole,
            "crop and stride": explicit and not whole and any(strides),
            "causal": is_causal(g),
            "strided down": strides == (True, False),
            "strided across": strides == (False, True),
            "strided twice": all(strides),
            "dilated down": dilations == (True, False),
            "dilated across": dilations == (False, True),
            "dilated twice": all(dilations),
            "dilated row": g.input[1] == 1 and dilations[1],
            "1x1": kernel == (1, 1),
            "3x3": kernel == (3, 3),
            "one row": kernel[0] == 1 < kernel[1],
            "one column": kernel[1] == 1 < kernel[0],
            "square": kernel[0] == kernel[1] > 1,
            "bias": g.bias,
            "row image": g.input[1] == 1,
        }.items()
        if is_so
    }


@cache
def geometries(data: str) -> tuple[Geometry, ...]:
    return tuple(case.geometry for case in scales.SUITE.checked_cases() if case.data == data)


def conflict(trait: str, name: str, value: int) -> bool:
    """Whether what a trait means rules out a size."""
    down = name in ("kh", "rows", "sh", "dh")
    one, more = value == 1, value > 1
    rules = {
        "dense": name == "groups" and more,
        "grouped": name in ("groups", "channels") and one,
        "depthwise": (name == "groups" and one) or (name == "channels" and more),
        "multiplier": (name in ("groups", "filters") and one) or (name == "channels" and more),
        "unequal": name in PAD_NAMES and value < 0,
        "beyond": name in PAD_NAMES and value < 0,
        "causal": name in PAD_NAMES or (down and more) or (name == "kw" and one),
        "strided down": (name in ("rows", "sh") and one) or (name == "sw" and more),
        "strided across": (name in ("columns", "sw") and one) or (name == "sh" and more),
        "strided twice": name in ("rows", "sh", "columns", "sw") and one,
        "dilated down": (name in ("kh", "dh") and one) or (name == "dw" and more),
        "dilated across": (name in ("kw", "dw") and one) or (name == "dh" and more),
        "dilated twice": name in ("kh", "dh", "kw", "dw") and one,
        "1x1": name in ("kh", "kw", "dh", "dw") and more,
        "3x3": name in ("kh", "kw") and value != 3,
        "one row": (name in ("kh", "dh") and more) or (name == "kw" and one),
        "one column": (name in ("kw", "dw") and more) or (name == "kh" and one),
        "square": name in ("kh", "kw") and one,
        "row image": (name in ("rows", "sh", "dh") and more) or (name in ("top", "bottom") and value < 0),
    }
    follows = trait in ("VALID", "SAME_UPPER", "SAME_LOWER") and name in PAD_NAMES
    return follows or rules.get(trait, False)


PAD_NAMES = ("top", "bottom", "left", "right")
ALONE = (
    *("dense", "grouped", "depthwise", "VALID", "SAME_UPPER", "SAME_LOWER", "unequal", "beyond", "crop", "causal"),
    *("strided down", "strided across", "strided twice", "dilated down", "dilated across", "dilated twice"),
    *("1x1", "3x3", "one row", "one column", "square", "bias", "row image"),
)


@cache
def met(data: str) -> set[tuple]:
    """Every two sizes, and every size with every trait, that occur together."""
    found: set[tuple] = set()
    for g in geometries(data):
        size = list(sizes(g).items())
        found |= {(*one, *other) for one, other in combinations(size, 2)}
        found |= {(*one, trait) for one, trait in product(size, traits(g))}
    return found


@pytest.mark.parametrize("data", [INTEGER, REAL])
def test_every_two_sizes_occur_together(data: str) -> None:
    """All but a stride over a single output and a dilation of a single tap, which move nothing."""
    moves = {("rows", "sh"), ("columns", "sw"), ("kh", "dh"), ("kw", "dw")}
    for first, second in combinations(LEVELS, 2):
        for a, b in product(LEVELS[first], LEVELS[second]):
            moves_nothing = ((first, second) in moves and a == 1 < b) or ((second, first) in moves and b == 1 < a)
            assert ((first, a, second, b) in met(data)) != moves_nothing, (first, a, second, b)


@pytest.mark.parametrize("data", [INTEGER, REAL])
def test_every_size_occurs_with_every_feature(data: str) -> None:
    for trait in ALONE:
        for name, levels in LEVELS.items():
            for value in levels:
                assert ((name, value, trait) in met(data)) != conflict(trait, name, value), (name, value, trait)


# What met nowhere, or only in the layers of networks: sizes at least, and traits.
REACHES = (
    ({"batch": 33}, {"bias"}),
    ({"batch": 33}, {"dilated twice"}),
    ({"batch": 33}, {"grouped"}),
    ({"batch": 9, "channels": 129}, {"3x3"}),
    ({"batch": 9, "filters": 129}, {"SAME_UPPER"}),
    ({"channels": 129}, {"dilated twice", "strided twice"}),
    ({"filters": 129}, {"dilated twice", "strided twice"}),
    ({"rows": 129}, {"dilated twice", "strided twice"}),
    ({"columns": 129}, {"3x3", "bias"}),
    ({"filters": 256, "columns": 256}, set()),
    ({"channels": 129}, {"dense", "3x3"}),
    ({"rows": 9}, {"dense", "3x3", "SAME_UPPER"}),
    ({"rows": 9}, {"dense", "3x3", "SAME_LOWER"}),
    ({"kh": 9}, {"depthwise"}),
    ({"kh": 31}, {"depthwise"}),
    ({"kw": 31}, {"multiplier"}),
    ({"channels": 129}, {"dilated row"}),
    ({"batch": 9}, {"causal", "dilated row"}),
    ({"columns": 129}, {"causal", "dilated row"}),
    ({"groups": 32, "channels": 4}, set()),
    ({"groups": 64, "channels": 64}, set()),
    ({"columns": 129}, {"crop and stride"}),
    ({"channels": 129}, {"crop and stride"}),
    ({"top": 16}, {"beyond"}),
)


@pytest.mark.parametrize("data", [INTEGER, REAL])
@pytest.mark.parametrize(("least", "wanted"), REACHES, ids=str)
def test_what_did_not_meet_meets(least: dict[str, int], wanted: set[str], data: str) -> None:
    assert any(
        wanted <= traits(g) and all(sizes(g).get(name, 0) >= size for name, size in least.items())
        for g in geometries(data)
    )


@pytest.mark.parametrize("data", [INTEGER, REAL])
def test_a_case_less_is_noticed(data: str) -> None:
    cases = scales.SUITE.cases()
    counts = Counter(pair for g in geometries(data) for pair in combinations(sizes(g).items(), 2))
    alone = next(
        case
        for case in cases
        if case.data == data
        and any(
            counts[pair] == 1 and all(value in LEVELS[name] for name, value in pair)
            for pair in combinations(sizes(case.geometry).items(), 2)
        )
    )
    with pytest.raises(ValueError, match=f"scales, {data} data: .* does not occur"):
        scales.coverage([case for case in cases if case is not alone])


def test_too_much_work_is_noticed() -> None:
    large = Geometry((33, 258, 259, 9), (3, 3, 9, 9))
    case = Case("large", large, "A case.")
    with pytest.raises(ValueError, match="products in one case"):
        scales.coverage([*scales.SUITE.cases(), case])


def test_the_work_stays_within_bounds() -> None:
    work = [prod(sized.output) * sized.products for sized in geometries(INTEGER)]
    assert max(work) < 20e6
    assert 2 * sum(work) < 600e6
    assert sorted(work)[len(work) * 3 // 4] < 1e6


def test_names_say_the_geometry_and_nothing_of_the_turn() -> None:
    cases = scales.SUITE.checked_cases()
    named = {case.name: case for case in cases}
    assert len(named) == len(cases)
    for geometry in scales.table()[::-50]:
        for data in (INTEGER, REAL):
            assert named[scales.case_of(geometry, data).name].geometry == geometry


def test_images_are_not_square_and_outputs_hold_more_than_zeros() -> None:
    for g in geometries(INTEGER):
        assert g.input[1] != g.input[2] or g.input[1] == 1
        assert 2 * touching(g) > g.output[1] * g.output[2], g


def touching(g: Geometry) -> int:
    """How many windows have a tap in the image, by walking over the taps."""
    counts = []
    for axis in (0, 1):
        taps = [p * g.dilations[axis] - g.pads[2 * axis] for p in range(g.filter[axis])]
        starts = (i * g.strides[axis] for i in range(g.output[1 + axis]))
        counts.append(sum(any(0 <= start + tap < g.input[1 + axis] for tap in taps) for start in starts))
    return prod(counts)


def test_a_note_names_the_largest_sizes_first() -> None:
    geometry = Geometry((17, 5, 6, 2), (1, 2, 2, 255), (1, 2), (1, 3), padding=VALID, bias=True)
    assert scales.note(geometry) == (
        "Catches faults that begin at filter 255 of a group, image 17 of the batch, a dilation of 3 across or a stride "
        "of 2 across: dense, VALID, stride across, dilation across, one row, bias."
    )


def test_the_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    scales_table.write(list(scales.table()), path)
    assert path.read_bytes() == scales_table.PATH.read_bytes()
    assert tuple(scales_table.read(path)) == scales.table()


def test_a_table_that_lacks_rows_is_extended_and_keeps_the_others() -> None:
    table = list(scales.table())
    assert scales_search.extended(table) == table
    for first in (0, len(table) // 2):
        shorter = table[:first] + table[first + 2 :]
        longer = scales_search.extended(shorter)
        assert longer[: len(shorter)] == shorter
        assert scales.prove(longer)
        assert scales_search.extended(shorter) == longer


def test_what_is_called_impossible_along_an_axis_is_not_found_by_trying() -> None:
    """All axes of few sizes, window by window, against the tables of sound axes."""
    outs, kernels, steps, pads = (1, 2, 5), (1, 2, 3), (1, 2, 5), (-2, 0, 1, 5)
    for out, k, s, d, before, after in product(outs, kernels, steps, steps, pads, pads):
        found = {sound_axis(out, k, s, d, before, after, slack) for slack in range(s)}
        place = (
            OUTPUTS.index(out),
            EXTENTS.index(k),
            STEPS.index(s),
            STEPS.index(d),
            PADS.index(before),
            PADS.index(after),
        )
        for is_one in (True, False):
            table = bool(scales_possible.explicit_axes()[is_one][place])
            assert table == (is_one in found), (out, k, s, d, before, after, is_one)


def sound_axis(out: int, k: int, s: int, d: int, before: int, after: int, slack: int) -> bool | None:
    """Whether the image is one pixel long along an axis; None where the axis is not sound."""
    length = (out - 1) * s + (k - 1) * d + 1 - before - after + slack
    seen = range(max(-before, 0), length - max(-after, 0))
    windows = [[i * s + p * d - before for p in range(k)] for i in range(out)]
    touches = sum(any(tap in seen for tap in window) for window in windows)
    is_sound = (k > 1 or d == 1) and len(seen) >= (d if k > 1 else 1) and 4 * touches >= 3 * out
    return length == 1 if is_sound and (length > 1 or out == 1) else None


@pytest.mark.parametrize("index", [0, 1, -2, -1])
def test_cases_are_made_and_are_digest_cases_where_they_are_large(index: int) -> None:
    case = scales.SUITE.cases()[index]
    vector = build("scales", case)
    stored = sum(values.nbytes for values in vector.datasets.values())
    assert case.is_digest == ("output_sha256" in vector.members)
    assert stored <= scales.STORED
