"""Two golden files compared by what they hold: every group, attribute and dataset."""

from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np


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
        elif isinstance(new[name], h5py.Group) and isinstance(old[name], h5py.Group):
            yield from group_differences(old[name], new[name], place)
        elif isinstance(new[name], h5py.Dataset) and isinstance(old[name], h5py.Dataset):
            yield from dataset_differences(old[name], new[name], place)
        else:
            yield f"{place}: a group where a dataset is wanted, or the other way round"


def attribute_differences(old: h5py.Group, new: h5py.Group, path: str) -> Iterator[str]:
    """Yield the differences between the attributes of two groups."""
    for name in sorted({*old.attrs, *new.attrs}):
        place = f"{path or '/'}: attribute {name}"
        if name not in old.attrs:
            yield f"{place}: missing"
        elif name not in new.attrs:
            yield f"{place}: not made by the generator"
        else:
            types = (old.attrs.get_id(name), new.attrs.get_id(name))
            if types[0].dtype != types[1].dtype or types[0].shape != types[1].shape:
                yield f"{place}: is {described(types[0])}, should be {described(types[1])}"
            elif np.any(old.attrs[name] != new.attrs[name]):
                yield f"{place}: is {old.attrs[name]!s}, should be {new.attrs[name]!s}"


def dataset_differences(old: h5py.Dataset, new: h5py.Dataset, place: str) -> Iterator[str]:
    """Yield the difference between two datasets, if there is one: type, shape or, bit for bit, values."""
    yield from attribute_differences(old, new, place)
    if old.dtype != new.dtype or old.shape != new.shape:
        yield f"{place}: is {described(old)}, should be {described(new)}"
        return
    try:
        is_, should = old[...], new[...]
    except OSError as error:
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


def described(kind: h5py.Dataset | h5py.h5a.AttrID) -> str:
    """Return a type and shape in words."""
    return f"{kind.dtype} {list(kind.shape)}"
