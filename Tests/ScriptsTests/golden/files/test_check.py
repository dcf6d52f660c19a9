"""`--check` names every case, dataset and attribute that is not as generated."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden import cli
from golden.files import compare
from golden.files.folder import MANIFEST, manifest
from golden.vectors.checksum import checksum
from golden_setup import Generated

CASE = "cases/sliding-3x3-valid-int"
NOTE = "Catches a flipped or transposed kernel."


@pytest.fixture
def folder(generated: Generated, tmp_path: Path) -> Path:
    """A folder with the suite `examples`, as another library version generated it, and a fitting SHA256SUMS."""
    target = tmp_path / "golden"
    target.mkdir()
    for name in ("examples.h5", "README.md"):
        shutil.copy(generated.debian / name, target)
    renew_manifest(target)
    return target


def renew_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text(manifest(folder))


def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = cli.main(["--check", "--suite", "examples", "--output", str(folder)])
    return status, capsys.readouterr().out.splitlines()


def test_what_was_generated_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, capsys) == (0, [f"{folder}: all as generated"])


def set_value(file: h5py.File) -> None:
    file[f"{CASE}/expected"][0, 1, 0, 0] = np.nextafter(6.0, 7.0)


def negate_zero(file: h5py.File) -> None:
    file[f"{CASE}/input"][0, 0, 3, 0] = -0.0


def change_attribute(file: h5py.File) -> None:
    file[CASE].attrs.modify("pads", np.array([0, 1, 0, 0]))


def change_note(file: h5py.File) -> None:
    note = file[CASE].attrs["note"]
    file[CASE].attrs.create("note", np.bytes_(note[:-1] + b"!"), dtype=h5py.string_dtype("utf-8", len(note)))


def lengthen_note(file: h5py.File) -> None:
    note = b"Catches nothing at all, in the end."
    file[CASE].attrs.create("note", np.bytes_(note), dtype=h5py.string_dtype("utf-8", len(note)))


def change_seed(file: h5py.File) -> None:
    file[CASE].attrs.modify("seed", np.uint64(5))
    file[f"{CASE}/input"][...] += 1
    file[f"{CASE}/expected"][...] += 1


def change_checksum(file: h5py.File) -> None:
    file[CASE].attrs.modify("sha256", np.bytes_(b"0" * 64))


def drop_checksum(file: h5py.File) -> None:
    del file[CASE].attrs["sha256"]


def change_type(file: h5py.File) -> None:
    file[CASE].attrs.create("groups", 1, dtype="<i4")


def drop_attribute(file: h5py.File) -> None:
    del file[CASE].attrs["seed"]


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


def drop_case(file: h5py.File) -> None:
    del file[CASE]


def replace_group(file: h5py.File) -> None:
    del file[CASE]
    file[CASE] = 1.0


def add_case(file: h5py.File) -> None:
    file.copy(CASE, "cases/another")


def change_root(file: h5py.File) -> None:
    file.attrs["format_version"] = 3


CHANGES = {
    set_value: f"/{CASE}/expected: 1 of 4 values differ, the first at [0, 1, 0, 0]",
    negate_zero: f"/{CASE}/input: 1 of 16 values differ",
    change_attribute: f"/{CASE}: attribute pads: is [0 1 0 0], should be [0 0 0 0]",
    change_note: f"/{CASE}: attribute note: is '{NOTE[:-1]}!', should be '{NOTE}'",
    lengthen_note: f"/{CASE}: attribute note: is 'Catches nothing at all, in the end.', should be '{NOTE}'",
    change_seed: f"/{CASE}: attribute seed: is 5, should be 0; all its data follow from it",
    change_checksum: f"/{CASE}: attribute sha256: does not fit the case, which was changed after it was made",
    drop_checksum: f"/{CASE}: attribute sha256: missing",
    change_type: f"/{CASE}: attribute groups: is int32 [], should be int64 []",
    drop_attribute: f"/{CASE}: attribute seed: missing",
    add_attribute: f"/{CASE}: attribute colour: not made by the generator",
    change_dataset_type: f"/{CASE}/expected: is float32 [1, 2, 2, 1], should be float64 [1, 2, 2, 1]",
    change_shape: f"/{CASE}/expected: is float64 [1, 1, 2, 1], should be float64 [1, 2, 2, 1]",
    drop_dataset: f"/{CASE}/magnitude: missing",
    drop_case: f"/{CASE}: missing",
    replace_group: f"/{CASE}: a group where a dataset is wanted, or the other way round",
    add_case: "/cases/another: not made by the generator",
    change_root: "/: attribute format_version: is 3, should be 2",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_named(folder: Path, capsys: pytest.CaptureFixture[str], change: Callable) -> None:
    with h5py.File(folder / "examples.h5", "r+") as file:
        change(file)
    renew_manifest(folder)
    status, lines = check(folder, capsys)
    assert status == 1
    assert lines[0].startswith(f"examples.h5: {CHANGES[change]}")
    is_told_apart = change not in {drop_case, replace_group, add_case, change_root, change_checksum, drop_checksum}
    if is_told_apart:
        assert lines[1].endswith("attribute sha256: does not fit the case, which was changed after it was made")
    assert len(lines) == 2 + is_told_apart, lines
    assert lines[-1].startswith(f"{folder}: {1 + is_told_apart} difference")


def test_a_case_that_was_made_otherwise_was_not_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As another generator would have made it: with another note, and the checksum that fits."""
    with h5py.File(folder / "examples.h5", "r+") as file:
        change_note(file)
        case = file[CASE]
        renewed = checksum(compare.attributes(case), {name: values[...] for name, values in case.items()})
        case.attrs.modify("sha256", np.bytes_(renewed))
    renew_manifest(folder)
    assert len(check(folder, capsys)[1]) == 2


def test_a_flipped_byte_is_named_with_its_dataset(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "examples.h5"
    with h5py.File(path) as file:
        offset = file[f"{CASE}/input"].id.get_chunk_info(0).byte_offset
    content = bytearray(path.read_bytes())
    content[offset + 2] ^= 1
    path.write_bytes(content)
    status, lines = check(folder, capsys)
    assert status == 1
    assert lines[0].startswith(f"examples.h5: /{CASE}/input: cannot be read")
    assert "SHA256SUMS: out of date" in lines


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
