"""The table of cases: what a row holds, what it gives back, and what it could not give back."""

import numpy as np
import pytest
from golden.files.table import MEMBERS, SEPARATOR, members, table

PADS = np.array([1, -2, 3, 4], np.int64)
FULL = {
    "name": "b",
    "bias_count": np.int64(0),
    "pads": PADS,
    "seed": np.uint64(2**64 - 1),
    "tags": ["a", "größer"],
    "note": "Größe.",
    "alternative_meaning": ["one", "two"],
    "input_bound": np.int64(127),
    "sha256": "f" * 64,
}
BARE = {"name": "a", "pads": -PADS, "seed": np.uint64(0), "tags": [], "note": "A longer note.", "sha256": "0" * 64}


def test_rows_stand_in_the_order_of_their_names_and_members_in_that_of_the_format() -> None:
    made = table([FULL, BARE])
    assert made["name"].tolist() == [b"a", b"b"]
    assert list(made.dtype.names) == [name for name in MEMBERS if name in FULL]
    assert made.dtype["note"] == np.dtype("S14")
    assert made.dtype["tags"] == np.dtype("S10")
    assert made.dtype.itemsize == sum(made.dtype[name].itemsize for name in made.dtype.names)
    names = [{"name": name} for name in ("B", "a", "a-b", "a1", "zz", "ä")]
    assert [name.decode() for name in table(names[::-1])["name"]] == [row["name"] for row in names]


def test_a_row_gives_back_what_its_case_has_and_nothing_else() -> None:
    for row, case in zip(table([FULL, BARE]), (BARE, FULL), strict=True):
        found = members(row)
        assert found.keys() == case.keys()
        for name, value in case.items():
            assert np.array_equal(found[name], value), name
            assert isinstance(found[name], np.ndarray) == isinstance(value, np.ndarray | np.generic)


def test_a_case_that_lacks_a_member_says_so_in_its_row() -> None:
    bare = table([FULL, BARE])[0]
    assert (bare["bias_count"], bare["input_bound"], bare["alternative_meaning"]) == (-1, 0, b"")


def test_rows_are_chosen_as_of_any_array() -> None:
    made = table([FULL, BARE])
    assert made[(made["pads"] > 0).sum(axis=1) == 3]["name"].tolist() == [b"b"]
    assert made[made["note"] == b"A longer note."]["name"].tolist() == [b"a"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("note", ""),
        ("note", "with\0NUL"),
        ("tags", ["a", ""]),
        ("tags", [f"a{SEPARATOR}b"]),
        ("alternative_meaning", ["one\0"]),
        ("bias_count", np.int64(-1)),
        ("bias_bound", np.int64(0)),
        ("groups", np.int32(1)),
        ("groups", np.array([1], np.int64)),
        ("strides", np.array([1, 2, 3], np.int64)),
        ("seed", np.int64(3)),
    ],
)
def test_what_a_row_would_not_give_back_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"member {name} is "):
        table([{"name": "a", name: value}])
