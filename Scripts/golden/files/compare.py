"""Two golden files compared by what they hold: the root's attributes, and every case's members and datasets."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import h5py
import numpy as np

from golden import FORMAT_VERSION
from golden.files.compare_tables import Rows, by_name, found_rows
from golden.files.store import OFFSETS, offsets
from golden.files.table import NAME, Value
from golden.vectors import checksum

UNREADABLE = (OSError, RuntimeError, KeyError, ValueError, TypeError)  # what h5py raises, by its version
Values = Mapping[str, Value]


def differences(present: Path, wanted: Path) -> Iterator[str]:
    """Yield one line for each case, member and dataset in which a file differs from the one just made."""
    if not present.exists():
        yield f"{present.name}: missing"
        return
    if present.read_bytes() == wanted.read_bytes():
        return
    try:
        with h5py.File(present) as old, h5py.File(wanted) as new:
            yield from (f"{present.name}: {line}" for line in file_differences(old, new))
    except UNREADABLE as error:
        yield f"{present.name}: cannot be read: {error}"


def file_differences(old: h5py.File, new: h5py.File) -> Iterator[str]:
    """Yield the differences between two files; where they hold the same, whether the old one's offsets are wrong."""
    lines = [*content_differences(old, new)]
    yield from lines or offsets_differences(old)


def offsets_differences(file: h5py.File) -> Iterator[str]:
    """Yield what is wrong with a file's statement of where its datasets begin, which depends on HDF5's version."""
    if OFFSETS not in file:
        yield f"/{OFFSETS}: missing"
        return
    is_, should = file[OFFSETS], offsets(file, [name.decode() for name in file[NAME]["name"]])
    if not isinstance(is_, h5py.Dataset) or is_.dtype != should.dtype or is_.shape != should.shape:
        yield f"/{OFFSETS}: should be {should.dtype}, one for each case"
    elif wrong := int(np.count_nonzero(is_[...] != should)):
        yield f"/{OFFSETS}: {wrong} of {len(should)} rows are not where the datasets begin"


def content_differences(old: h5py.File, new: h5py.File) -> Iterator[str]:
    """Yield the differences between what two files hold; of one of another version, only that it is."""
    is_, should = attributes(old), attributes(new)
    version = is_.get("format_version")
    if version is not None and np.any(version != FORMAT_VERSION):
        yield f"has format version {version}, and the generator makes {FORMAT_VERSION}"
        return
    yield from value_differences(is_, should, "/: attribute")
    yield from (f"/{name}: not made by the generator" for name in sorted({*old} - {*new}))
    try:
        rows = found_rows(old, new)
    except UNREADABLE as error:
        rows = Rows(None, faults=[f"/{NAME}: cannot be read: {error}"])
    yield from rows.faults
    if "cases" not in old:
        yield "/cases: missing"
    elif not isinstance(old["cases"], h5py.Group):
        yield "/cases: a dataset where a group is wanted"
    else:
        yield from cases_differences(old["cases"], new["cases"], rows, by_name(new[NAME][...]))


def cases_differences(old: h5py.Group, new: h5py.Group, rows: Rows, wanted: dict[str, Values]) -> Iterator[str]:
    """Yield the differences between the cases of two files, which are their groups and their rows."""
    listed = old if rows.cases is None else rows.cases  # without a table, no case can lack its row
    for name in sorted({*old, *listed, *wanted}):
        place = f"/cases/{name}"
        if name not in wanted:
            yield f"{place}: not made by the generator"
        elif name not in old and name not in listed:
            yield f"{place}: missing"
        elif name not in old:
            yield f"{place}: has a row in the table and no group"
        elif name not in listed:
            yield f"{place}: has a group and no row in the table"
        else:
            try:
                yield from case_differences(old[name], new[name], rows, wanted[name], place)
            except UNREADABLE as error:
                yield f"{place}: cannot be read: {error}"


def case_differences(old: h5py.HLObject, new: h5py.Group, rows: Rows, wanted: Values, place: str) -> Iterator[str]:
    """Yield the differences between two cases; of a changed seed, from which all data follow, one line.

    The last line says whether the case was changed after it was made, or made otherwise: its checksum tells.
    """
    if not isinstance(old, h5py.Group):
        yield f"{place}: a dataset where a group is wanted"
        return
    row = rows.cases[wanted["name"]] if rows.cases else {}
    is_, should = ({name: value for name, value in of.items() if name in rows.shared} for of in (row, wanted))
    stored, right = is_.pop(checksum.NAME, None), should.pop(checksum.NAME, None)
    reseeded = "seed" in is_ and is_["seed"] != should["seed"]
    if reseeded:
        is_, should = (
            {name: value for name, value in of.items() if not name.endswith("_sha256")} for of in (is_, should)
        )
    lines = [
        *value_differences(is_, should, f"{place}: member"),
        *value_differences(attributes(old), {}, f"{place}: attribute"),
    ]
    if not reseeded:
        for name in sorted({*old, *new}):
            lines += dataset_differences(old, new, name, f"{place}/{name}")
    elif len(lines) == 1:
        lines = [f"{lines[0]}; all its data follow from it"]
    yield from lines
    if not rows.cases or rows.faults:
        return  # what is wrong with the table is told already, and leaves no checksum to judge by
    if stored == right and not lines:
        return
    if stored is None:
        yield f"{place}: member {checksum.NAME}: missing"
    elif stored != checksum_of(row, old):
        yield f"{place}: member {checksum.NAME}: does not fit the case, which was changed after it was made"


def checksum_of(row: Values, case: h5py.Group) -> str | None:
    """Return the checksum of what is stored of a case; None where that cannot be read."""
    try:
        return checksum.checksum(row, {name: values[...] for name, values in case.items()})
    except UNREADABLE:
        return None


def value_differences(is_: Values, should: Values, start: str) -> Iterator[str]:
    """Yield the differences between the attributes of two objects, or the members of two rows."""
    for name in sorted({*is_, *should}):
        if name not in is_:
            yield f"{start} {name}: missing"
        elif name not in should:
            yield f"{start} {name}: not made by the generator"
        elif described(is_[name]) != described(should[name]):
            yield f"{start} {name}: is {described(is_[name])}, should be {described(should[name])}"
        elif np.any(is_[name] != should[name]):
            yield f"{start} {name}: is {shown(is_[name])}, should be {shown(should[name])}"


def attributes(target: h5py.Group | h5py.Dataset) -> Values:
    """Return an object's attributes by name: text of fixed length as text, all else as it is stored."""
    # By name: old versions of h5py cannot open them by number.
    return {name: value_of(target.attrs[name]) for name in target.attrs}


def value_of(value: object) -> Value:
    """Return an attribute's value, as h5py gives it: bytes for text of fixed length, str for other text, or numbers."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return np.asarray(value, object if isinstance(value, str) else None)


def dataset_differences(of_old: h5py.Group, of_new: h5py.Group, name: str, place: str) -> Iterator[str]:
    """Yield the difference between two datasets, if there is one: type, shape or, bit for bit, values."""
    if name not in of_old or name not in of_new:
        yield f"{place}: {'missing' if name in of_new else 'not made by the generator'}"
        return
    try:
        old, new = of_old[name], of_new[name]
        if not isinstance(old, h5py.Dataset):
            yield f"{place}: a group where a dataset is wanted"
            return
        yield from value_differences(attributes(old), attributes(new), f"{place}: attribute")
        if described(old) != described(new):
            yield f"{place}: is {described(old)}, should be {described(new)}"
            return
        is_, should = old[...], new[...]
    except UNREADABLE as error:
        yield f"{place}: cannot be read: {error}"
        return
    bits = f"u{is_.itemsize}"
    unequal = np.argwhere(np.atleast_1d(is_.view(bits) != should.view(bits)))
    if len(unequal):
        first = tuple(int(i) for i in unequal[0])
        yield (
            f"{place}: {len(unequal)} of {is_.size} values differ, the first at {list(first)}: "
            f"is {is_[first]!s}, should be {should[first]!s}"
        )


def described(values: h5py.Dataset | Value) -> str:
    """Return a type and shape in words; texts have no shape worth telling."""
    if isinstance(values, str | list):
        return "a list of texts" if isinstance(values, list) else "text"
    return "text of variable length" if values.dtype == object else f"{values.dtype} {list(values.shape)}"


def shown(value: Value) -> str:
    """Return a value as a line shows it: text in quotes."""
    return str(value) if isinstance(value, np.ndarray) else repr(value)
