"""The tables of two golden files: their rows, and in what the tables themselves differ, whatever the rows say."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import h5py
import numpy as np

from golden.files import table
from golden.files.table import NAME, Value

PLACE = f"/{NAME}"


@dataclass(frozen=True)
class Rows:
    """What was found of a table: each case's members by its name; None where there is no table to find them in."""

    cases: dict[str, dict[str, Value]] | None
    shared: frozenset[str] = frozenset()  # the members that can be compared: of one type in both tables
    faults: list[str] = field(default_factory=list)  # a line for each way in which the table is not as wanted


def found_rows(old: h5py.File, new: h5py.File) -> Rows:
    """Return the rows of a file's table, which is to be as that of the file just made."""
    if NAME not in old:
        return Rows(None, faults=[f"{PLACE}: missing"])
    found, wanted = old[NAME], new[NAME]
    if not isinstance(found, h5py.Dataset):
        return Rows(None, faults=[f"{PLACE}: a group where a dataset is wanted"])
    if found.ndim != 1 or found.dtype.names is None:
        return Rows(None, faults=[f"{PLACE}: is {found.dtype} {list(found.shape)}, should have a row for each case"])
    faults = [f"{PLACE}: {fault}" for fault in layout_faults(found.dtype, wanted.dtype)]
    shared = frozenset(name for name in wanted.dtype.names if is_shared(name, found.dtype, wanted.dtype))
    if "name" not in shared:
        return Rows(None, faults=faults)
    values = found[...]
    names = values["name"].tolist()
    if len(set(names)) < len(names):
        faults.append(
            f"{PLACE}: two rows have the name {next(text for text in names if names.count(text) > 1).decode()}"
        )
    elif names != sorted(names):
        faults.append(f"{PLACE}: the rows are not in the order of their names")
    return Rows(by_name(values), shared, faults)


def by_name(values: np.ndarray) -> dict[str, dict[str, Value]]:
    """Return the members of each row by the case's name."""
    return {str(members["name"]): members for members in ({"name": ""} | table.members(row) for row in values)}


def layout_faults(is_: np.dtype, should: np.dtype) -> Iterator[str]:
    """Yield how the members of a table differ from those wanted, of which no row then needs to tell."""
    for name in dict.fromkeys((*should.names, *is_.names)):
        if name not in is_.names:
            yield f"member {name}: missing"
        elif name not in should.names:
            yield f"member {name}: not made by the generator"
        elif not is_shared(name, is_, should):
            yield f"member {name}: is {table.described(is_[name])}, should be {table.described(should[name])}"
    if set(is_.names) == set(should.names) and is_.names != should.names:
        yield f"the members are in the order {', '.join(is_.names)}, should be {', '.join(should.names)}"


def is_shared(name: str, is_: np.dtype, should: np.dtype) -> bool:
    """Return whether both tables have a member, of one type."""
    return name in is_.names and name in should.names and table.described(is_[name]) == table.described(should[name])
