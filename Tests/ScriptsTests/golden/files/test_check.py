"""`--check` names every case, member and dataset that is not as generated."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden import cli
from golden.files import folder as folders
from golden.files import store
from golden.files.folder import MANIFEST, manifest
from golden.pages import readme
from golden.suites.suite import Suite
from golden.vectors.checksum import checksum
from golden_setup import rows

NAME = "sliding-3x3-valid-int"
CASE = f"cases/{NAME}"
NOTE = "Catches a flipped or transposed kernel."


@pytest.fixture(scope="module")
def other(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite `examples` in other bytes, as another version of the libraries writes it."""
    path = tmp_path_factory.mktemp("other") / "examples.h5"
    with h5py.File(generated / "examples.h5") as old, h5py.File(path, "w") as new:
        for name in old:
            old.copy(name, new)
        for name, value in old.attrs.items():
            new.attrs.create(name, value, dtype=old.attrs.get_id(name).dtype)
        new["offsets"][...] = store.offsets(new, [name.decode() for name in new["table"]["name"]])
    return path


@pytest.fixture
def untouched(other: Path, page: str, tmp_path: Path) -> Path:
    """A folder as the script makes it, with the suite `examples`, in other bytes."""
    target = tmp_path / "golden"
    target.mkdir()
    shutil.copy(other, target)
    (target / readme.NAME).write_text(page)
    renew_manifest(target)
    return target


@pytest.fixture
def folder(untouched: Path, generated: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same; what would be made is not made anew for each test."""

    def write(suites: list[Suite], target: Path, _: int) -> None:
        for suite in suites:
            shutil.copy(generated / f"{suite.name}.h5", target)

    monkeypatch.setattr(folders, "write", write)
    monkeypatch.setattr(readme, "text", lambda: page)
    return untouched


def renew_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text(manifest(folder))


def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = cli.main(["--check", "--suite", "examples", "--output", str(folder)])
    return status, capsys.readouterr().out.splitlines()


def test_what_was_generated_passes(untouched: Path, generated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (untouched / "examples.h5").read_bytes() != (generated / "examples.h5").read_bytes()
    assert check(untouched, capsys) == (0, [f"{untouched}: all as generated"])


def set_value(file: h5py.File) -> None:
    file[f"{CASE}/expected"][0, 1, 0, 0] = np.nextafter(6.0, 7.0)


def negate_zero(file: h5py.File) -> None:
    file[f"{CASE}/input"][0, 0, 3, 0] = -0.0


def rewrite(file: h5py.File, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Put another table in the place of a file's."""
    values = change(file["table"][...])
    del file["table"]
    file.create_dataset("table", data=values)


def set_member(file: h5py.File, name: str, value: object, case: str = CASE) -> None:
    """Change what the row of a case says, with a longer text where it has to be."""

    def change(values: np.ndarray) -> np.ndarray:
        kinds = [(member, values.dtype[member]) for member in values.dtype.names]
        if isinstance(value, bytes):
            kind = h5py.string_dtype("utf-8", max(len(value), values.dtype[name].itemsize))
            kinds = [(member, kind if member == name else of_member) for member, of_member in kinds]
        values = values.astype(kinds)
        values[name][values["name"] == case.rpartition("/")[2].encode()] = value
        return values

    rewrite(file, change)


def change_member(file: h5py.File) -> None:
    set_member(file, "pads", [0, 1, 0, 0])


def change_note(file: h5py.File) -> None:
    set_member(file, "note", NOTE[:-1].encode() + b"!")


def lengthen_note(file: h5py.File) -> None:
    set_member(file, "note", b"Catches nothing at all, in the end." * 20)


def change_tags(file: h5py.File) -> None:
    set_member(file, "tags", b"3x3\nint")


def change_seed(file: h5py.File) -> None:
    set_member(file, "seed", 5)
    file[f"{CASE}/input"][...] += 1
    file[f"{CASE}/expected"][...] += 1


def change_checksum(file: h5py.File) -> None:
    set_member(file, "sha256", b"0" * 64)


def drop_checksum(file: h5py.File) -> None:
    set_member(file, "sha256", b"")


def drop_source(file: h5py.File) -> None:
    set_member(file, "source", b"")


def add_bias_count(file: h5py.File) -> None:
    set_member(file, "bias_count", 0)


def change_type(file: h5py.File) -> None:
    rewrite(file, lambda values: retyped(values, groups="<i4"))


def change_text_to_numbers(file: h5py.File) -> None:
    rewrite(file, lambda values: retyped(values, note=None, name=None))


def retyped(values: np.ndarray, **kinds: str | None) -> np.ndarray:
    """A table with members of other types, or with more of them; of None, with numbers that count the rows."""
    of_names = {name: values.dtype[name] for name in values.dtype.names} | kinds
    made = np.zeros(len(values), [(name, kind or "<i8") for name, kind in of_names.items()])
    for name, kind in of_names.items():
        made[name] = values[name] if kind and name in values.dtype.names else range(len(values))
    return made


def drop_member(file: h5py.File) -> None:
    rewrite(file, lambda values: values[[name for name in values.dtype.names if name != "seed"]])


def add_member(file: h5py.File) -> None:
    rewrite(file, lambda values: retyped(values, colour="<i8"))


def turn_members(file: h5py.File) -> None:
    rewrite(file, lambda values: values[[*values.dtype.names[1:], values.dtype.names[0]]])


def turn_rows(file: h5py.File) -> None:
    rewrite(file, lambda values: values[::-1])


def repeat_row(file: h5py.File) -> None:
    rewrite(file, lambda values: np.append(values, values[-1:]))


def drop_row(file: h5py.File) -> None:
    rewrite(file, lambda values: values[values["name"] != NAME.encode()])


def drop_table(file: h5py.File) -> None:
    del file["table"]


def table_of_numbers(file: h5py.File) -> None:
    del file["table"]
    file["table"] = np.arange(4)


def table_as_group(file: h5py.File) -> None:
    del file["table"]
    file.create_group("table")


def add_attribute(file: h5py.File) -> None:
    file[CASE].attrs["colour"] = 3


def change_dataset_type(file: h5py.File) -> None:
    values = file[f"{CASE}/expected"][...]
    del file[f"{CASE}/expected"]
    file[CASE]["expected"] = values.astype(np.float32)


def change_shape(file: h5py.File) -> None:
    values = file[f"{CASE}/expected"][...]
    del file[f"{CASE}/expected"]
    file[CASE]["expected"] = values[:, :1]


def drop_dataset(file: h5py.File) -> None:
    del file[f"{CASE}/magnitude"]


def drop_group(file: h5py.File) -> None:
    del file[CASE]


def drop_case(file: h5py.File) -> None:
    drop_row(file)
    del file[CASE]


def replace_group(file: h5py.File) -> None:
    del file[CASE]
    file[CASE] = 1.0


def replace_dataset(file: h5py.File) -> None:
    del file[f"{CASE}/input"]
    file.create_group(f"{CASE}/input")


def add_group(file: h5py.File) -> None:
    file.copy(CASE, "cases/another")


def drop_cases(file: h5py.File) -> None:
    del file["cases"]


def replace_cases(file: h5py.File) -> None:
    del file["cases"]
    file["cases"] = 1.0


def add_to_root(file: h5py.File) -> None:
    file["notes"] = 1.0


def drop_offsets(file: h5py.File) -> None:
    del file["offsets"]


def change_offsets(file: h5py.File) -> None:
    offsets = file["offsets"][...]
    offsets["input"][1] += 4
    file["offsets"][...] = offsets


def replace_offsets(file: h5py.File) -> None:
    del file["offsets"]
    file["offsets"] = 1.0


def change_title(file: h5py.File) -> None:
    file.attrs["title"] = np.bytes_(b"Other")


def change_text_type(file: h5py.File) -> None:
    file.attrs["title"] = "Published examples"


def change_version(file: h5py.File) -> None:
    file.attrs["format_version"] = 3
    del file["table"]


NOT_FITTING = f"/{CASE}: member sha256: does not fit the case, which was changed after it was made"
CHANGED = {  # and one line more says that the case was changed after it was made
    set_value: f"/{CASE}/expected: 1 of 4 values differ, the first at [0, 1, 0, 0]",
    negate_zero: f"/{CASE}/input: 1 of 16 values differ",
    change_member: f"/{CASE}: member pads: is [0 1 0 0], should be [0 0 0 0]",
    change_note: f"/{CASE}: member note: is '{NOTE[:-1]}!', should be '{NOTE}'",
    lengthen_note: f"/{CASE}: member note: is '{'Catches nothing at all, in the end.' * 20}', should be '{NOTE}'",
    change_tags: f"/{CASE}: member tags: is ['3x3', 'int'], should be ['integer', 'published', 'valid']",
    change_seed: f"/{CASE}: member seed: is 5, should be 0; all its data follow from it",
    drop_source: f"/{CASE}: member source: missing",
    add_bias_count: f"/{CASE}: member bias_count: not made by the generator",
    change_dataset_type: f"/{CASE}/expected: is float32 [1, 2, 2, 1], should be float64 [1, 2, 2, 1]",
    change_shape: f"/{CASE}/expected: is float64 [1, 1, 2, 1], should be float64 [1, 2, 2, 1]",
    drop_dataset: f"/{CASE}/magnitude: missing",
    replace_dataset: f"/{CASE}/input: a group where a dataset is wanted",
}
CHANGES = CHANGED | {
    change_checksum: NOT_FITTING,
    drop_checksum: f"/{CASE}: member sha256: missing",
    add_attribute: f"/{CASE}: attribute colour: not made by the generator",
    change_type: "/table: member groups: is int32, should be int64",
    drop_member: "/table: member seed: missing",
    add_member: "/table: member colour: not made by the generator",
    turn_members: "/table: the members are in the order input_shape, filter_shape, ",
    turn_rows: "/table: the rows are not in the order of their names",
    repeat_row: "/table: two rows have the name ",
    drop_row: f"/{CASE}: has a group and no row in the table",
    drop_table: "/table: missing",
    table_of_numbers: "/table: is int64 [4], should have a row for each case",
    table_as_group: "/table: a group where a dataset is wanted",
    drop_group: f"/{CASE}: has a row in the table and no group",
    drop_case: f"/{CASE}: missing",
    replace_group: f"/{CASE}: a dataset where a group is wanted",
    add_group: "/cases/another: not made by the generator",
    drop_cases: "/cases: missing",
    replace_cases: "/cases: a dataset where a group is wanted",
    add_to_root: "/notes: not made by the generator",
    drop_offsets: "/offsets: missing",
    change_offsets: "/offsets: 1 of ",
    replace_offsets: "/offsets: should be ",
    change_title: "/: attribute title: is 'Other', should be 'Published examples'",
    change_text_type: "/: attribute title: is text of variable length, should be text",
    change_version: "has format version 3, and the generator makes 5",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_named(folder: Path, capsys: pytest.CaptureFixture[str], change: Callable) -> None:
    with h5py.File(folder / "examples.h5", "r+") as file:
        change(file)
    renew_manifest(folder)
    status, lines = check(folder, capsys)
    assert status == 1
    assert lines[0].startswith(f"examples.h5: {CHANGES[change]}")
    assert lines[1:-1] == [f"examples.h5: {NOT_FITTING}"] * (change in CHANGED), lines
    assert lines[-1].startswith(f"{folder}: {1 + (change in CHANGED)} difference")


@pytest.mark.parametrize(
    ("change", "lines"),
    {
        change_type: ["/table: member groups: is int32, should be int64"],
        change_text_to_numbers: [f"/table: member {name}: is int64, should be text" for name in ("name", "note")],
        drop_table: ["/table: missing"],
    }.items(),
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_differs_beside_another_table_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], change: Callable, lines: list[str]
) -> None:
    """What is wrong with the table is told once, not of each case; and no checksum in it is judged by."""
    with h5py.File(folder / "examples.h5", "r+") as file:
        change(file)
        set_value(file)
    renew_manifest(folder)
    of_value = "1 of 4 values differ, the first at [0, 1, 0, 0]: is 6.000000000000001, should be 6.0"
    wanted = [*lines, f"/{CASE}/expected: {of_value}"]
    assert check(folder, capsys)[1][:-1] == [f"examples.h5: {line}" for line in wanted]


def test_a_case_that_was_made_otherwise_was_not_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As another generator would have made it: with another note, and the checksum that fits."""
    with h5py.File(folder / "examples.h5", "r+") as file:
        change_note(file)
        row = rows(file)[NAME]
        set_member(file, "sha256", checksum(row, {name: values[...] for name, values in file[CASE].items()}).encode())
    renew_manifest(folder)
    assert check(folder, capsys)[1][:-1] == [f"examples.h5: {CHANGES[change_note]}"]


def test_a_flipped_byte_is_named_with_what_it_damages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "examples.h5"
    with h5py.File(path) as file:
        of_input = file[f"{CASE}/input"].id.get_offset()
        of_table = file["table"].id.get_chunk_info(0).byte_offset
    for offset, line in {
        of_input: f"/{CASE}/input: 1 of 16 values differ, the first at [0, 0, 0, 0]",
        of_table + 40: "/table: cannot be read",
    }.items():
        content = bytearray(path.read_bytes())
        content[offset + 2] ^= 1
        path.write_bytes(content)
        status, lines = check(folder, capsys)
        assert status == 1
        assert lines[0].startswith(f"examples.h5: {line}"), lines
        assert "SHA256SUMS: out of date" in lines
        content[offset + 2] ^= 1
        path.write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"not HDF5 at all", None], ids=["empty", "foreign", "truncated"])
def test_a_file_that_is_none_is_named(folder: Path, capsys: pytest.CaptureFixture[str], content: bytes | None) -> None:
    path = folder / "examples.h5"
    path.write_bytes(path.read_bytes()[:5000] if content is None else content)
    status, lines = check(folder, capsys)
    assert status == 1
    assert lines[0].startswith("examples.h5: cannot be read")


@pytest.mark.parametrize("name", ["examples.h5", "README.md", "SHA256SUMS"])
def test_a_missing_file_is_named(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (folder / name).unlink()
    status, lines = check(folder, capsys)
    assert status == 1
    assert f"{name}: missing" in lines


@pytest.mark.parametrize("name", ["README.md", "SHA256SUMS"])
def test_a_stale_page_is_named(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    with (folder / name).open("a") as file:
        file.write("more\n")
    assert check(folder, capsys) == (1, [f"{name}: out of date", f"{folder}: 1 difference"])


def test_a_file_of_no_suite_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "ALL", [suite for suite in cli.ALL if suite.name == "examples"])
    shutil.copy(folder / "examples.h5", folder / "foreign.h5")
    renew_manifest(folder)
    assert cli.main(["--check", "--output", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "foreign.h5: not made by the generator"


def test_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    check(folder, capsys)
    assert before == {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
