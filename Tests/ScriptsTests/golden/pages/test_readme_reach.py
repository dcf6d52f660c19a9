"""The table that says how far each feature reaches."""

from golden.pages.readme_reach import HEADING, cell, reach, reach_text
from golden.problem.geometry import SAME_UPPER, VALID, Geometry
from golden.problem.naming import REAL
from golden.suites import grid
from golden.suites.suite import Suite
from golden.vectors.case import REJECTION, Case

DENSE = Case("dense", Geometry((9, 7, 8, 4), (3, 3, 4, 5), (2, 2), padding=SAME_UPPER, bias=True), "A case.")
REAL_ONE = Case("real", Geometry((2, 7, 8, 4), (3, 3, 4, 16), padding=SAME_UPPER, bias=True), "A case.", data=REAL)
REFUSED = Case("refused", Geometry((64, 7, 8, 4), (3, 3, 4, 5), padding=VALID), "A case.", expect=REJECTION)


def test_the_largest_size_is_kept_by_family_and_what_is_refused_does_not_count() -> None:
    largest = reach([DENSE, REAL_ONE, REFUSED])
    assert largest["integer", "SAME_UPPER", "batch"] == 9
    assert largest["real", "SAME_UPPER", "batch"] == 2
    assert largest["real", "bias", "filters of a group"] == 16
    assert largest["integer", "stride both ways", "output rows"] == 4
    assert largest["integer", "3x3", "products"] == 36
    assert ("integer", "VALID", "batch") not in largest
    assert ("real", "stride both ways", "batch") not in largest


def test_a_cell_shows_one_number_or_both() -> None:
    assert [cell(3, 3), cell(9, 2), cell(4, 0), cell(0, 0)] == ["3", "9 / 2", "4 / -", "-"]


def test_the_table_is_whole_and_follows_the_cases() -> None:
    suite = Suite("some", "", "", lambda: [DENSE, REAL_ONE])
    lines = reach_text([(suite, suite.checked_cases())])
    rows = [line for line in lines if line.startswith("|")]
    assert lines[0] == HEADING
    assert len({line.count("|") for line in rows}) == 1
    assert next(line for line in rows if line.startswith("| bias |")).startswith("| bias | 9 / 2 | 4 | 5 / 16 |")
    bare = next(line for line in rows if line.startswith("| causal |"))
    assert set(bare.removeprefix("| causal |")) == set(" -|")


def test_a_suite_of_integers_alone_reaches_nothing_in_real_data() -> None:
    rows = reach_text([(grid.SUITE, grid.SUITE.checked_cases())])
    assert next(line for line in rows if line.startswith("| dense |")).startswith("| dense | 3 / - |")
