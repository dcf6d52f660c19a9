"""Two golden files compared by what they hold: every group, attribute and dataset."""

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from h5py import h5a
from numpy.typing import NDArray

from golden.vectors import checksum

UNREADABLE = (OSError, RuntimeError, KeyError, ValueError, TypeError)  # what h5py raises, by its version
Value = str | list[str] | NDArray


def differences(present: Path, wanted: Path) -> Iterator[str]:
    """Yield one line for each case, attribute and dataset in which a file differs from the one just made."""
    if not present.exists():
        yield f"{present.name}: missing"
        return
    if present.read_bytes() == wanted.read_bytes():
        return
    try:
        with h5py.File(present) as old, h5py.File(wanted) as new:
            yield from (f"{present.name}: {line}" for line in group_differences(old, new, ""))
    except UNREADABLE as error:
        yield f"{present.name}: cannot be read: {error}"


def group_differences(old: h5py.Group, new: h5py.Group, path: str) -> Iterator[str]:
    """Yield the differences between two groups, and below them."""
    yield from attribute_differences(attributes(old), attributes(new), path or "/")
    for name in sorted({*old, *new}):
        place = f"{path}/{name}"
        if name not in old:
            yield f"{place}: missing"
        elif name not in new:
            yield f"{place}: not made by the generator"
        else:
            try:
                yield from object_differences(old[name], new[name], place)
            except UNREADABLE as error:
                yield f"{place}: cannot be read: {error}"


def object_differences(old: h5py.HLObject, new: h5py.HLObject, place: str) -> Iterator[str]:
    """Yield the differences between two groups or two datasets."""
    if type(old) is not type(new):
        yield f"{place}: a group where a dataset is wanted, or the other way round"
    elif isinstance(new, h5py.Group):
        is_case = checksum.NAME in new.attrs
        yield from (case_differences if is_case else group_differences)(old, new, place)
    else:
        yield from dataset_differences(old, new, place)


def case_differences(old: h5py.Group, new: h5py.Group, place: str) -> Iterator[str]:
    """Yield the differences between two cases; of a changed seed, from which all data follow, one line.

    The last line says whether the case was changed after it was made, or made otherwise: its checksum tells.
    """
    is_, should = attributes(old), attributes(new)
    stored = is_.pop(checksum.NAME, None)
    should.pop(checksum.NAME)
    is_whole = stored == checksum_of(old)
    reseeded = "seed" in is_ and np.any(is_["seed"] != should["seed"])
    if reseeded:
        for found in (is_, should):
            for name in [name for name in found if name.endswith("_sha256")]:
                del found[name]
    lines = list(attribute_differences(is_, should, place))
    if not reseeded:
        for name in sorted({*old, *new}):
            if name in old and name in new:
                try:
                    lines += object_differences(old[name], new[name], f"{place}/{name}")
                except UNREADABLE as error:
                    lines.append(f"{place}/{name}: cannot be read: {error}")
            else:
                lines.append(f"{place}/{name}: {'missing' if name in new else 'not made by the generator'}")
    elif len(lines) == 1:
        lines = [f"{lines[0]}; all its data follow from it"]
    yield from lines
    if stored is None:
        yield f"{place}: attribute {checksum.NAME}: missing"
    elif not is_whole:
        yield f"{place}: attribute {checksum.NAME}: does not fit the case, which was changed after it was made"


def checksum_of(case: h5py.Group) -> str | None:
    """Return the checksum of what a case holds; None where that cannot be read."""
    try:
        return checksum.checksum(attributes(case), {name: values[...] for name, values in case.items()})
    except UNREADABLE:
        return None


def attribute_differences(is_: dict[str, Value], should: dict[str, Value], place: str) -> Iterator[str]:
    """Yield the differences between the attributes of two groups or datasets."""
    for name in sorted({*is_, *should}):
        start = f"{place}: attribute {name}"
        if name not in is_:
            yield f"{start}: missing"
        elif name not in should:
            yield f"{start}: not made by the generator"
        elif described(is_[name]) != described(should[name]):
            yield f"{start}: is {described(is_[name])}, should be {described(should[name])}"
        elif np.any(is_[name] != should[name]):
            yield f"{start}: is {shown(is_[name])}, should be {shown(should[name])}"


def attributes(target: h5py.Group | h5py.Dataset) -> dict[str, Value]:
    """Return an object's attributes by name: text as text, numbers as they are stored."""
    # By name: old versions of h5py cannot open them by number.
    return {name: value_of(target.attrs.get_id(name)) for name in target.attrs}


def value_of(attribute: h5a.AttrID) -> Value:
    """Return an attribute's value."""
    if h5py.check_string_dtype(attribute.dtype) is not None:
        texts = np.empty(attribute.shape, f"S{max(attribute.dtype.itemsize, 1)}")
        attribute.read(texts, mtype=attribute.get_type())
        decoded = [text.decode("utf-8", "replace") for text in texts.reshape(-1).tolist()]
        return decoded if attribute.shape else decoded[0]
    value = np.empty(attribute.shape, attribute.dtype)
    attribute.read(value)
    return value


def dataset_differences(old: h5py.Dataset, new: h5py.Dataset, place: str) -> Iterator[str]:
    """Yield the difference between two datasets, if there is one: type, shape or, bit for bit, values."""
    yield from attribute_differences(attributes(old), attributes(new), place)
    if described(old) != described(new):
        yield f"{place}: is {described(old)}, should be {described(new)}"
        return
    is_, should = old[...], new[...]
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
        return "text" if isinstance(values, str) else "a list of texts"
    return f"{values.dtype} {list(values.shape)}"


def shown(value: Value) -> str:
    """Return a value as a line shows it: text in quotes."""
    return str(value) if isinstance(value, np.ndarray) else repr(value)
