"""The files that are written: attributes and types as documented, everything under a checksum, nothing else."""

import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.files import compare, store
from golden.problem.geometry import PADDINGS, Geometry
from golden.suites import ALL, grid
from golden.vectors.build import Vector, build
from golden.vectors.case import OUTPUT, Case
from golden_setup import ROOT, Generated

STRING = "S"
TYPES = {
    "input": "<f4",
    "filter": "<f4",
    "bias": "<f4",
    "expected": "<f8",
    "magnitude": "<f4",
    "alternative": "<f8",
    "sample_index": "<i8",
    "sample_expected": "<f8",
    "sample_magnitude": "<f4",
}
ATTRIBUTES = {
    "strides": ("<i8", (2,)),
    "dilations": ("<i8", (2,)),
    "pads": ("<i8", (4,)),
    "groups": ("<i8", ()),
    "seed": ("<u8", ()),
    "padding": (STRING, ()),
    "data": (STRING, ()),
    "expect": (STRING, ()),
    "sha256": (STRING, ()),
    "note": (STRING, ()),
    "source": (STRING, ()),
}
OF_CHOICES = dict.fromkeys(("choice", "expected_meaning"), (STRING, ()))
OF_DIGESTS = {
    "input_shape": ("<i8", (4,)),
    "filter_shape": ("<i8", (4,)),
    **{f"{tensor}_sha256": (STRING, ()) for tensor in ("input", "filter", "bias", "output")},
    **{f"{tensor}_bound": ("<i8", ()) for tensor in ("input", "filter", "bias")},
}


@pytest.mark.parametrize("name", [suite.name for suite in ALL])
def test_a_file_is_as_documented(generated: Generated, name: str) -> None:
    suite = next(suite for suite in ALL if suite.name == name)
    with h5py.File(generated.modern / f"{name}.h5") as file:
        assert set(file) == {"cases"}
        assert {key: value for key, value in file.attrs.items() if key.startswith("format")} == {
            "format": b"convcheck-golden",
            "format_version": 2,
        }
        assert file.attrs["suite"] == name.encode()
        assert set(file.attrs) == {"format", "format_version", "suite", "title", "description", "generator"}
        assert sorted(file["cases"]) == sorted(case.name for case in suite.cases())
        for case in suite.cases():
            demand_documented(file["cases"][case.name], case)


def demand_documented(group: h5py.Group, case: Case) -> None:
    documented = ATTRIBUTES | (OF_CHOICES if case.alternative else {}) | (OF_DIGESTS if case.is_digest else {})
    missing = set() if case.source else {"source"}
    if case.is_digest:
        missing |= set() if case.data == "integer" else {"input_bound", "filter_bound", "bias_bound"}
        missing |= set() if case.geometry.bias else {"bias_sha256", "bias_bound"}
    attributes = set(group.attrs)
    lists = {"tags", "alternative_meaning"} if case.alternative else {"tags"}
    assert attributes == {*documented, *lists} - missing
    for name in attributes - lists:
        kind, shape = documented[name]
        stored = group.attrs.get_id(name)
        assert stored.shape == shape
        assert stored.dtype.kind == "S" if kind == STRING else stored.dtype == np.dtype(kind)
        if kind == STRING:
            assert h5py.check_string_dtype(stored.dtype).encoding == "utf-8"
    assert [tag.decode() for tag in group.attrs["tags"]] == case.all_tags
    assert group.attrs["padding"].decode() in PADDINGS
    assert group.attrs["expect"].decode() == case.expect
    assert {name: values.shape for name, values in group.items()} == documented_shapes(group, case)
    for name, values in group.items():
        assert values.dtype == np.dtype(TYPES[name])
        if values.size:
            assert values.fletcher32
            assert values.chunks == values.shape
        assert (values.compression in (None, "gzip")) and values.shuffle == (values.compression == "gzip")


def documented_shapes(group: h5py.Group, case: Case) -> dict[str, tuple[int, ...]]:
    g = case.geometry
    if case.is_digest:
        count = len(group["sample_index"])
        assert 0 < count <= np.prod(g.output)
        return {"sample_index": (count, 4), "sample_expected": (count,), "sample_magnitude": (count,)}
    shapes = {"input": g.input, "filter": g.filter}
    if g.bias:
        shapes["bias"] = (g.filter[3],) if case.expect == OUTPUT else group["bias"].shape
    if case.expect == OUTPUT:
        shapes |= {"expected": g.output, "magnitude": g.output}
    if case.alternative:
        assert group.attrs.get_id("alternative_meaning").shape == (len(group["alternative"]),)
        shapes["alternative"] = (len(group.attrs["alternative_meaning"]), *g.output)
    return shapes


def test_integer_expectations_are_exact_in_float32(generated: Generated) -> None:
    for suite in ALL:
        with h5py.File(generated.modern / f"{suite.name}.h5") as file:
            for case in suite.cases():
                if case.data == "integer" and case.expect == OUTPUT and not case.is_digest:
                    expected = file["cases"][case.name]["expected"][...]
                    assert np.array_equal(expected.astype(np.float32), expected), case.name


def test_the_sizes_leave_room_in_a_checkout(generated: Generated) -> None:
    assert sum(file.stat().st_size for file in generated.debian.iterdir()) < 30e6


def test_a_flipped_byte_is_seen_or_lies_where_nothing_is_stored(tmp_path: Path) -> None:
    original, damaged = tmp_path / "original.h5", tmp_path / "damaged.h5"
    vectors = [build("grid", case) for case in grid.cases()[:4]]
    store.write_suite(original, {"suite": "some", "title": "Some"}, vectors)
    content = original.read_bytes()
    unseen = 0
    for offset in range(0, len(content), 41):
        damaged.write_bytes(content[:offset] + bytes([content[offset] ^ 0x10]) + content[offset + 1 :])
        found = list(compare.differences(damaged, original))
        if found:
            assert "cannot be read" in found[0], f"byte {offset} is under no checksum: {found}"
        else:
            unseen += 1
            assert content[offset] == 0, f"byte {offset} holds something"
    assert unseen < len(content) / 41 / 5


def test_no_time_is_stored(tmp_path: Path) -> None:
    vectors = [build("grid", case) for case in grid.cases()[:2]]
    for name in ("first.h5", "second.h5"):
        store.write_suite(tmp_path / name, {"suite": "some"}, vectors)
        time.sleep(1.1)  # HDF5 counts whole seconds
    assert (tmp_path / "first.h5").read_bytes() == (tmp_path / "second.h5").read_bytes()


def test_an_empty_tensor_is_stored_with_its_shape(tmp_path: Path) -> None:
    vector = Vector("empty", {"note": "An empty batch."}, {"input": np.zeros((0, 4, 5, 2), np.float32)})
    store.write_suite(tmp_path / "some.h5", {"suite": "some"}, [vector])
    with h5py.File(tmp_path / "some.h5") as file:
        assert file["cases/empty/input"].shape == (0, 4, 5, 2)


def test_text_beyond_ascii_survives(tmp_path: Path) -> None:
    vector = Vector("case", {"note": "Größe 3 mal 3", "tags": ["a", "größer"]}, {})
    store.write_suite(tmp_path / "some.h5", {"suite": "some"}, [vector])
    with h5py.File(tmp_path / "some.h5") as file:
        assert file["cases/case"].attrs["note"].decode() == "Größe 3 mal 3"
        assert [tag.decode() for tag in file["cases/case"].attrs["tags"]] == ["a", "größer"]


def test_what_compresses_is_compressed(tmp_path: Path) -> None:
    geometry = Geometry((1, 20, 21, 3), (2, 3, 3, 4))
    store.write_suite(tmp_path / "some.h5", {}, [build("some", Case("case", geometry, "A case."))])
    with h5py.File(tmp_path / "some.h5") as file:
        packed = {name: values.compression for name, values in file["cases/case"].items()}
    assert packed == {"input": "gzip", "filter": None, "expected": "gzip", "magnitude": "gzip"}


def test_the_files_checked_in_are_what_the_script_makes(generated: Generated) -> None:
    found = []
    for suite in ALL:
        found += compare.differences(ROOT / "Golden" / f"{suite.name}.h5", generated.modern / f"{suite.name}.h5")
    assert not found
    assert (ROOT / "Golden" / "README.md").read_text() == (generated.modern / "README.md").read_text()
