"""The files that are written: table and tensors as documented, everything under a checksum, nothing else."""

import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.files import compare, store
from golden.files.table import MEMBERS
from golden.suites import ALL, grid
from golden.suites.suite import Suite
from golden.vectors.build import Vector, build
from golden.vectors.case import OUTPUT, Case
from golden_setup import rows
from h5py import h5a, h5d

STORED = {  # of the element types
    "float64": "<f8",
    "float32": "<f4",
    "float16": "<f2",
    "bfloat16": "<f4",
    "int8": "|i1",
    "uint8": "|u1",
    "int32": "<i4",
}
OPERANDS = ("input", "filter", "bias", "output")
TYPES = {
    **{f"{role}_zero_point": "<i4" for role in OPERANDS},
    **{f"{role}_scale": "<f4" for role in OPERANDS},
    "expected": "<f8",
    "magnitude": "<f4",
    "alternative": "<f8",
    "sample_index": "<i8",
    "sample_expected": "<f8",
    "sample_magnitude": "<f4",
    "projection_rows": "<i8",
}
DIGESTED = ("input", "filter", "bias", "output_operand")
NUMBERS = {
    **dict.fromkeys(("input_shape", "filter_shape", "pads"), ("<i8", (4,))),
    **dict.fromkeys(("strides", "dilations"), ("<i8", (2,))),
    **dict.fromkeys(("bias_count", "groups", *(f"{name}_bound" for name in DIGESTED)), ("<i8", ())),
    "seed": ("<u8", ()),
}
OF_CASES_WITH_CHOICES = {"choice", "expected_meaning", "alternative_meaning"}
OF_DIGEST_CASES = {f"{tensor}_{what}" for tensor in DIGESTED for what in ("sha256", "bound")}
OF_SAMPLED_CASES = {"stored", "projection_sha256"}
LARGEST_DIGESTED = 2**24  # elements of an operand of a sampled case
MOST_LOOKED_INTO = 300  # cases of a suite whose datasets are looked into; of more, every second, third or so
STEP = 37  # bytes from one that is flipped to the next
OF_KINDS = {"operation", "input_type", "filter_type", "output_type"}


@pytest.mark.parametrize("suite", ALL, ids=lambda suite: suite.name)
def test_a_file_is_as_documented(generated: Path, suite: Suite) -> None:
    cases = {case.name: case for case in suite.cases()}
    with h5py.File(generated / f"{suite.name}.h5") as file:
        assert set(file) == {"cases", "table", "offsets"}
        assert {key: value for key, value in file.attrs.items() if key.startswith("format")} == {
            "format": b"convcheck-golden",
            "format_version": 5,
        }
        assert file.attrs["suite"] == suite.name.encode()
        assert set(file.attrs) == {"format", "format_version", "suite", "title", "description", "generator"}
        demand_documented_table(file["table"])
        found = rows(file)
        assert list(found) == sorted(file["cases"]) == sorted(cases)
        assert set(file["table"].dtype.names) == set().union(*found.values())
        for name, row in found.items():
            demand_documented_row(row, cases[name])
        looked_into = list(found)[:: 1 + len(found) // MOST_LOOKED_INTO]
        for name in looked_into:
            demand_documented_group(file["cases"][name], found[name], cases[name])
        demand_documented_offsets(file, generated / f"{suite.name}.h5", list(found), looked_into)


def demand_documented_offsets(file: h5py.File, path: Path, names: list[str], looked_into: list[str]) -> None:
    """A row a case; a dataset that lies in one piece has its bytes there, and every other one -1."""
    content, table = path.read_bytes(), file["offsets"][...]
    assert all(table.dtype[name] == "<i8" for name in table.dtype.names)
    assert len(table) == len(names)
    offsets_of = dict(zip(names, table, strict=True))
    for name in looked_into:
        offsets = offsets_of[name]
        case = file["cases"][name]
        assert set(case) <= set(offsets.dtype.names)
        for dataset in offsets.dtype.names:
            start = offsets[dataset]
            if dataset not in case or case[dataset].chunks or not case[dataset].size:
                assert start == -1
            else:
                stored = case[dataset][...].tobytes()
                assert content[start : start + len(stored)] == stored


def demand_documented_table(table: h5py.Dataset) -> None:
    """A row a case; members in the order of the page, packed, texts as long as their longest; one packed chunk."""
    kinds, values = table.dtype, table[...]
    assert list(kinds.names) == [name for name in MEMBERS if name in kinds.names]
    assert kinds.itemsize == sum(kinds[name].itemsize for name in kinds.names)
    for name in kinds.names:
        if name in NUMBERS:
            assert (kinds[name].base, kinds[name].shape) == NUMBERS[name]
        else:
            assert h5py.check_string_dtype(kinds[name]) == ("utf-8", max(map(len, values[name].tolist())))
    assert (table.chunks, table.shape) == ((len(values),), (len(values),))
    assert (table.shuffle, table.compression, table.compression_opts, table.fletcher32) == (True, "gzip", 9, True)
    assert not table.attrs


def demand_documented_row(row: dict, case: Case) -> None:
    documented = set(MEMBERS) - OF_DIGEST_CASES - OF_CASES_WITH_CHOICES - OF_KINDS
    documented -= OF_SAMPLED_CASES | {"output_sha256"}
    kind = case.kind
    if case.is_digest or case.is_sampled:
        shapes = kind.shapes(case.geometry)
        operands = {"output_operand" if role == "output" else role for role in shapes}
        documented |= {"output_sha256"} | {
            n
            for n in OF_DIGEST_CASES
            if (case.data == "integer" or "bound" not in n) and n.rpartition("_")[0] in operands
        }
    if case.is_sampled:
        documented -= {"output_sha256"}
        documented |= OF_SAMPLED_CASES if case.data == "integer" else {"stored"}
        for role, shape in shapes.items():
            if np.prod(shape) > LARGEST_DIGESTED:
                documented -= {f"{'output_operand' if role == 'output' else role}_sha256"}
    documented |= {"operation"} if kind.operation != "forward" else set()
    documented |= OF_KINDS - {"operation"} if {kind.input, kind.filter, kind.output} != {"float32"} else set()
    documented |= OF_CASES_WITH_CHOICES if case.alternative else set()
    documented -= set() if case.source else {"source"}
    if not case.geometry.bias and "bias_count" not in row:
        documented -= {"bias_count", "bias_sha256", "bias_bound"}
    assert set(row) == documented
    assert row.get("operation", "forward") == kind.operation
    assert [row.get(f"{role}_type", "float32") for role in ("input", "filter", "output")] == [
        kind.input,
        kind.filter,
        kind.output,
    ]
    assert row["tags"] == case.all_tags
    assert (row["data"], row["expect"], row["padding"]) == (case.data, case.expect, case.geometry.padding)
    assert row["note"].startswith(case.note)
    assert row.get("source", "") == case.source
    for name, values in (("strides", case.geometry.strides), ("dilations", case.geometry.dilations)):
        assert tuple(row[name]) == values


def demand_documented_group(group: h5py.Group, row: dict, case: Case) -> None:
    assert h5a.get_num_attrs(group.id) == 0
    found = dict(group.items())
    assert {name: values.shape for name, values in found.items()} == documented_shapes(group, row, case)
    for name, values in found.items():
        assert values.dtype == np.dtype(STORED[case.kind.type_of(name)] if name in OPERANDS else TYPES[name])
        assert h5a.get_num_attrs(values.id) == 0
        layout = values.id.get_create_plist()
        if layout.get_layout() == h5d.CONTIGUOUS:
            assert layout.get_nfilters() == 0
        else:
            assert values.nbytes >= 8192
            assert values.chunks == values.shape
            assert layout.get_nfilters() == 2
            assert (values.shuffle, values.compression, values.compression_opts) == (True, "gzip", 9)
            assert values.id.get_storage_size() < 0.91 * values.nbytes  # nearly: each library packs in its own way


def documented_shapes(group: h5py.Group, row: dict, case: Case) -> dict[str, tuple[int, ...]]:
    g, operation = case.geometry, case.kind.operation
    assert tuple(row["input_shape"]) == g.input
    assert tuple(row["filter_shape"]) == g.filter
    count = row.get("bias_count")
    shapes = {"input": g.input, "filter": g.filter}
    if case.expect == OUTPUT:
        of_input = operation == "input-gradient"
        assert count == ((g.input[3] if of_input else g.filter[3]) if g.bias else None)
        shapes |= {"output": g.output, "bias": g.filter[3:]}
    answer = {"input-gradient": "input", "filter-gradient": "filter", "bias-gradient": "bias"}.get(operation, "output")
    if case.is_digest or case.is_sampled:
        samples = len(group["sample_index"])
        assert 0 < samples <= np.prod(shapes[answer])
        rows = {"projection_rows": (len(group["projection_rows"]),)} if "projection_sha256" in row else {}
        return {"sample_index": (samples,), "sample_expected": (samples,), "sample_magnitude": (samples,)} | rows
    of_answer = {"expected", "magnitude"} if case.kind.is_floating else {"expected"}
    found = dict.fromkeys(of_answer, shapes[answer]) if case.expect == OUTPUT else {}
    if case.alternative:
        found["alternative"] = (len(row["alternative_meaning"]), *shapes[answer])
    taken = {"forward": "input filter", "input-gradient": "output filter", "filter-gradient": "input output"}
    for role in taken.get(operation, "output").split():
        # What has to be refused may have any gradient of an output, and where there is no output has to.
        found[role] = shapes[role] if case.expect == OUTPUT or role != "output" else group["output"].shape
    if count is not None:
        found["bias"] = (count,)
    if not case.kind.is_floating:
        quantities = ("zero_point", "scale") if case.kind.is_quantized else ("zero_point",)
        roles = ("input", "filter", "output") if case.kind.is_quantized else ("input", "filter")
        found |= {f"{role}_{quantity}": (1,) for role in roles for quantity in quantities}
        for name in (f"filter_{quantity}" for quantity in quantities):
            if group[name].shape != (1,):
                assert "per-filter" in row["tags"]
                found[name] = (g.filter[3],)
    return found


def test_integer_expectations_are_exact_in_their_type(generated: Path) -> None:
    largest = {"float64": 2**53, "float32": 2**24, "float16": 2**11, "bfloat16": 2**8, "int32": 2**31 - 1}
    ranges = {"int8": (-128, 127), "uint8": (0, 255)} | {kind: (-most, most) for kind, most in largest.items()}
    for suite in ALL:
        with h5py.File(generated / f"{suite.name}.h5") as file:
            for case in suite.cases():
                if case.data == "integer" and case.expect == OUTPUT and not (case.is_digest or case.is_sampled):
                    expected = file["cases"][case.name]["expected"][...]
                    least, most = ranges[case.kind.output]
                    assert np.array_equal(expected, np.rint(expected)), case.name
                    assert ((least <= expected) & (expected <= most)).all(), case.name


def test_a_flipped_byte_is_seen_or_lies_where_nothing_is_stored(tmp_path: Path) -> None:
    original, damaged = tmp_path / "original.h5", tmp_path / "damaged.h5"
    vectors = [build("grid", case) for case in grid.cases()[:2]]
    vectors.append(Vector(vectors[0].members | {"name": "packed"}, {"input": np.arange(2048, dtype=np.float32)}))
    store.write_suite(original, {"suite": "some", "title": "Some"}, vectors)
    content = original.read_bytes()
    tensors = places_of_tensors(original)
    unseen = 0
    for offset in range(0, len(content), STEP):
        damaged.write_bytes(content[:offset] + bytes([content[offset] ^ 0x10]) + content[offset + 1 :])
        found = list(compare.differences(damaged, original))
        if offset in tensors:
            assert "1 of" in found[0], f"byte {offset} of a tensor: {found}"
            assert found[1].endswith("member sha256: does not fit the case, which was changed after it was made")
        elif found:
            assert "cannot be read" in found[0], f"byte {offset} is under no checksum: {found}"
        else:
            unseen += 1
            assert content[offset] == 0, f"byte {offset} holds something"
    assert unseen < len(content) / STEP / 4
    assert len(tensors) > STEP * 20


def places_of_tensors(path: Path) -> set[int]:
    """The bytes of a file in which tensors lie as they are."""
    with h5py.File(path) as file:
        stored = [values for case in file["cases"].values() for values in case.values() if not values.chunks]
        return {values.id.get_offset() + place for values in stored for place in range(values.nbytes)}


def test_no_time_is_stored(tmp_path: Path) -> None:
    vectors = [build("grid", case) for case in grid.cases()[:2]]
    store.write_suite(tmp_path / "first.h5", {"suite": "some"}, vectors)
    time.sleep(1.1)  # HDF5 counts whole seconds
    store.write_suite(tmp_path / "second.h5", {"suite": "some"}, vectors)
    assert (tmp_path / "first.h5").read_bytes() == (tmp_path / "second.h5").read_bytes()


def test_an_empty_tensor_is_stored_with_its_shape(tmp_path: Path) -> None:
    vector = Vector({"name": "empty"}, {"input": np.zeros((0, 4, 5, 2), np.float32)})
    store.write_suite(tmp_path / "some.h5", {"suite": "some"}, [vector])
    with h5py.File(tmp_path / "some.h5") as file:
        assert file["cases/empty/input"].shape == (0, 4, 5, 2)


def test_text_beyond_ascii_survives(tmp_path: Path) -> None:
    vector = Vector({"name": "case", "note": "Größe 3 mal 3", "tags": ["a", "größer"]}, {})
    store.write_suite(tmp_path / "some.h5", {"suite": "some", "title": "Größen"}, [vector])
    with h5py.File(tmp_path / "some.h5") as file:
        assert file.attrs["title"].decode() == "Größen"
        row = rows(file)["case"]
    assert (row["note"], row["tags"]) == ("Größe 3 mal 3", ["a", "größer"])


def test_what_is_large_and_compresses_is_compressed(tmp_path: Path) -> None:
    whole, noise = np.arange(4096, dtype=np.float32), np.random.default_rng(1).integers(0, 2**32, 4096, np.uint32)
    tensors = {
        "large": whole[:2048],
        "small": whole[:2047],
        "noise": noise.view(np.float32),
        "strided": whole.reshape(64, 64).T,
    }
    store.write_suite(tmp_path / "some.h5", {}, [Vector({"name": "case"}, tensors)])
    with h5py.File(tmp_path / "some.h5") as file:
        packed = {name: values.compression for name, values in file["cases/case"].items()}
        assert np.array_equal(file["cases/case/strided"], tensors["strided"])
    assert packed == {"large": "gzip", "small": None, "noise": None, "strided": "gzip"}
