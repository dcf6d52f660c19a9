"""The checksum of a case, derived anew from the file by the rule as the page states it."""

import hashlib
import struct
from pathlib import Path

import h5py
import numpy as np
import pytest
from golden.suites import ALL
from golden.vectors.checksum import checksum
from golden_setup import rows

LETTERS = {"float64": "d", "float32": "f", "float16": "e", "int64": "q", "int32": "i", "int8": "b", "uint8": "B"}
MEMBERS = {"note": "Größe.", "tags": ["a", "bc"], "groups": np.int64(-2), "pads": np.array([1, 2], np.int64)}
DATASETS = {"input": np.array([[1, 2.5]], np.float32), "expected": np.array([1], np.float64)}
CANONICAL = (
    b"member groups int64 1\n\xfe\xff\xff\xff\xff\xff\xff\xff\n"
    b"member note string 1\n8\nGr\xc3\xb6\xc3\x9fe.\n"
    b"member pads int64[] 2\n\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\n"
    b"member seed uint64 1\n\xff\xff\xff\xff\xff\xff\xff\xff\n"
    b"member tags string[] 2\n1\na2\nbc\n"
    b"dataset expected float64 1\n\0\0\0\0\0\0\xf0\x3f\n"
    b"dataset input float32 1x2\n\0\0\x80\x3f\0\0\x20\x40\n"
)


def test_the_bytes_are_those_of_the_rule() -> None:
    members = MEMBERS | {"seed": np.uint64(2**64 - 1), "sha256": "0" * 64}
    assert checksum(members, DATASETS) == hashlib.sha256(CANONICAL).hexdigest()


def test_big_endian_and_strided_arrays_count_as_what_they_hold() -> None:
    turned = {"input": np.array([[1, 0, 2.5, 0]], ">f4")[:, ::2], "expected": DATASETS["expected"]}
    assert checksum(MEMBERS, turned) == checksum(MEMBERS, DATASETS)


@pytest.mark.parametrize("value", [1.5, np.float64(1), np.int32(1), np.array([1], np.uint64)])
def test_what_the_rule_has_no_type_for_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"member colour is .*must be text or integers"):
        checksum({"colour": value}, {})
    with pytest.raises(ValueError, match="dataset colour is uint16"):
        checksum({}, {"colour": np.zeros(3, np.uint16)})


def from_file(row: dict, group: h5py.Group) -> str:
    """The rule, as the page has it, over what h5py reads."""
    digest = hashlib.sha256()
    for name in sorted(set(row) - {"sha256"}):
        value = row[name]
        if isinstance(value, str | list):
            kind, values = "string" + "[]" * isinstance(value, list), [value] if isinstance(value, str) else value
        else:
            kind, values = value.dtype.name + "[]" * value.ndim, np.atleast_1d(value).tolist()
        digest.update(f"member {name} {kind} {len(values)}\n".encode())
        for one in values:
            if isinstance(one, str):
                digest.update(str(len(one.encode())).encode() + b"\n" + one.encode())
            else:
                digest.update(struct.pack("<Q" if kind == "uint64" else "<q", one))
        digest.update(b"\n")
    for name in sorted(group):
        values = group[name][...]
        digest.update(f"dataset {name} {values.dtype.name} {'x'.join(map(str, values.shape))}\n".encode())
        letter = LETTERS[values.dtype.name]
        digest.update(struct.pack(f"<{values.size}{letter}", *values.reshape(-1).tolist()) + b"\n")
    return digest.hexdigest()


@pytest.mark.parametrize("name", [suite.name for suite in ALL])
def test_cases_of_the_files_carry_their_own(generated: Path, name: str) -> None:
    with h5py.File(generated / f"{name}.h5") as file:
        found = rows(file)
        for case in sorted(found)[::6]:
            assert found[case]["sha256"] == from_file(found[case], file["cases"][case]), case
