"""Vectors to an HDF5 file that is a function of them alone: no time, no host, every byte under a checksum."""

import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import h5py
import numpy as np
from h5py import h5f, h5g, h5p
from numpy.typing import NDArray

from golden import FORMAT, FORMAT_VERSION, GENERATOR
from golden.files.table import NAME, table
from golden.vectors.vector import Vector

OFFSETS = "offsets"
WORTH_COMPRESSING = 8192  # bytes; a smaller chunk takes more time to open than its compression saves space
PACKED = {"shuffle": True, "compression": "gzip", "compression_opts": 9}


def write_suite(path: Path, attributes: Mapping[str, str], vectors: Iterable[Vector]) -> None:
    """Write one suite's file; `attributes` are those of the root beside the format's own."""
    access = h5p.create(h5p.FILE_ACCESS)
    # From HDF5 1.10 on, each piece of metadata carries a checksum.
    access.set_libver_bounds(h5f.LIBVER_V110, h5f.LIBVER_V110)
    access.set_fclose_degree(h5f.CLOSE_STRONG)
    identifier = h5f.create(bytes(path), h5f.ACC_TRUNC, fcpl=without_times(h5p.FILE_CREATE), fapl=access)
    with h5py.File(identifier) as file:
        root = {"format": FORMAT, "format_version": np.int64(FORMAT_VERSION), "generator": GENERATOR, **attributes}
        write_attributes(file, root)
        cases = create_group(file, "cases")
        rows = []
        for vector in vectors:
            group = create_group(cases, vector.name)
            for name, values in vector.datasets.items():
                write_tensor(group, name, values)
            rows.append(vector.stored_members)
        data = table(rows)
        # No case's checksum stands for the table as a whole, which is read before them all.
        write_table(file, NAME, data)
        places = offsets(file, [name.decode() for name in data["name"]])
        if places.dtype.names:  # there are datasets
            write_table(file, OFFSETS, places)


def write_table(file: h5py.File, name: str, data: NDArray) -> None:
    """Write a table as one compressed chunk, under a checksum of its own."""
    file.create_dataset(name, data=data, chunks=data.shape, fletcher32=True, track_times=False, **PACKED)


def offsets(file: h5py.File, names: Iterable[str]) -> NDArray:
    """Return where the datasets of each case begin in the file: -1 for one that is not there, or not in one piece.

    Whoever has the file in memory takes small tensors from there in a fraction of the time that it takes to open them.
    """
    cases = [file["cases"][name] for name in names]
    known = sorted({name for case in cases for name in case})
    rows = np.full(len(cases), -1, [(name, "<i8") for name in known])
    for row, case in zip(rows, cases, strict=True):
        for name, values in case.items():
            place = values.id.get_offset()
            row[name] = -1 if place is None else place
    return rows


def without_times(kind: h5p.PropClassID) -> h5p.PropOCID:
    """Return a creation property list of a class, without times."""
    properties = h5p.create(kind)
    properties.set_obj_track_times(False)
    return properties


def create_group(parent: h5py.Group, name: str) -> h5py.Group:
    """Create a group without times."""
    return h5py.Group(h5g.create(parent.id, name.encode(), gcpl=without_times(h5p.GROUP_CREATE)))


def write_attributes(file: h5py.File, attributes: Mapping[str, object]) -> None:
    """Write the root's attributes; text as UTF-8 of fixed length, so that it lies in the header under its checksum."""
    for name, value in attributes.items():
        if isinstance(value, str):
            kind = h5py.string_dtype("utf-8", len(value.encode()))
            file.attrs.create(name, np.array(value.encode(), kind), dtype=kind)
        else:
            file.attrs.create(name, value, dtype=np.asarray(value).dtype.newbyteorder("<"))


def write_tensor(group: h5py.Group, name: str, values: NDArray) -> None:
    """Write a tensor, little endian: as one compressed chunk where that pays, else as it is.

    HDF5 puts no checksum over it: the case's own covers what it holds.
    """
    data = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    packing = {"chunks": data.shape, **PACKED} if compresses(data) else {}
    group.create_dataset(name, data=data, track_times=False, **packing)


def compresses(data: NDArray) -> bool:
    """Return whether shuffle and gzip save a tenth or more of a tensor of some size."""
    if data.nbytes < WORTH_COMPRESSING:
        return False
    shuffled = data.reshape(-1).view(np.uint8).reshape(-1, data.itemsize).T.tobytes()
    return len(zlib.compress(shuffled, 9)) <= 0.9 * data.nbytes
