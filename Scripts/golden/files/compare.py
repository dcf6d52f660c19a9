"""Two golden files compared by what they hold: every group, attribute and dataset."""

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from h5py import h5a
from numpy.typing import NDArray


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
    except (OSError, RuntimeError, KeyError) as error:
        yield f"{present.name}: cannot be read: {error}"


def group_differences(old: h5py.Group, new: h5py.Group, path: str) -> Iterator[str]:
    """Yield the differences between two groups, and below them."""
    yield from attribute_differences(old, new, path)
    for name in sorted({*old, *new}):
        place = f"{path}/{name}"
        if name not in old:
            yield f"{place}: missing"
        elif name not in new:
            yield f"{place}: not made by the generator"
        else:
            try:
                yield from object_differences(old[name], new[name], place)
            except (OSError, RuntimeError, KeyError) as error:
                yield f"{place}: cannot be read: {error}"


def object_differences(old: h5py.HLObject, new: h5py.HLObject, place: str) -> Iterator[str]:
    """Yield the differences between two groups or two datasets."""
    if type(old) is not type(new):
        yield f"{place}: a group where a dataset is wanted, or the other way round"
    elif isinstance(new, h5py.Group):
        yield from group_differences(old, new, place)
    else:
        yield from dataset_differences(old, new, place)


def attribute_differences(old: h5py.Group, new: h5py.Group, path: str) -> Iterator[str]:
    """Yield the differences between the attributes of two groups."""
    is_, should = attributes(old), attributes(new)
    for name in sorted({*is_, *should}):
        place = f"{path or '/'}: attribute {name}"
        if name not in is_:
            yield f"{place}: missing"
        elif name not in should:
            yield f"{place}: not made by the generator"
        elif described(is_[name]) != described(should[name]):
            yield f"{place}: is {described(is_[name])}, should be {described(should[name])}"
        elif np.any(is_[name] != should[name]):
            yield f"{place}: is {is_[name]!s}, should be {should[name]!s}"


def attributes(target: h5py.Group) -> dict[str, NDArray]:
    """Return an object's attributes as they are stored, by name."""
    found = {}
    for index in range(h5a.get_num_attrs(target.id)):
        attribute = h5a.open(target.id, index=index)
        value = np.empty(attribute.shape, attribute.dtype)
        attribute.read(value)
        found[attribute.name.decode()] = value
    return found


def dataset_differences(old: h5py.Dataset, new: h5py.Dataset, place: str) -> Iterator[str]:
    """Yield the difference between two datasets, if there is one: type, shape or, bit for bit, values."""
    yield from attribute_differences(old, new, place)
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


def described(values: h5py.Dataset | NDArray) -> str:
    """Return a type and shape in words."""
    return f"{values.dtype} {list(values.shape)}"
