"""Vectors to an HDF5 file that is a function of them alone: no time, no host, every byte under a checksum."""

import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import h5py
import numpy as np
from h5py import h5f, h5g, h5p
from numpy.typing import NDArray

from golden import FORMAT, FORMAT_VERSION, GENERATOR
from golden.vectors.build import Vector

WORTH_COMPRESSING = 1024  # bytes; below, the filter's own header costs more than it saves


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
        for vector in vectors:
            group = create_group(cases, vector.name)
            write_attributes(group, vector.stored_attributes)
            for name, values in vector.datasets.items():
                write_dataset(group, name, values)


def without_times(kind: h5p.PropClassID) -> h5p.PropOCID:
    """Return a creation property list of a class, without times, and with attributes in the object's own header."""
    properties = h5p.create(kind)
    properties.set_obj_track_times(False)
    properties.set_attr_phase_change(64, 32)
    return properties


def create_group(parent: h5py.Group, name: str) -> h5py.Group:
    """Create a group without times."""
    return h5py.Group(h5g.create(parent.id, name.encode(), gcpl=without_times(h5p.GROUP_CREATE)))


def write_attributes(target: h5py.Group, attributes: Mapping[str, object]) -> None:
    """Write attributes; strings as UTF-8 of fixed length, so that they lie in the header that a checksum covers."""
    for name, value in attributes.items():
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list):
            encoded = [text.encode() for text in texts]
            kind = h5py.string_dtype("utf-8", max(len(text) for text in encoded))
            target.attrs.create(name, np.array(encoded if isinstance(value, list) else encoded[0], kind), dtype=kind)
        else:
            target.attrs.create(name, value, dtype=np.asarray(value).dtype.newbyteorder("<"))


def write_dataset(group: h5py.Group, name: str, values: NDArray) -> None:
    """Write a tensor, little endian, as one chunk with Fletcher-32; compressed where that pays."""
    data = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    if data.size == 0:
        group.create_dataset(name, data=data, track_times=False)  # nothing to check: a chunk cannot be empty
        return
    packing = {"shuffle": True, "compression": "gzip", "compression_opts": 9} if compresses(data) else {}
    group.create_dataset(name, data=data, chunks=data.shape, fletcher32=True, track_times=False, **packing)


def compresses(data: NDArray) -> bool:
    """Return whether shuffle and gzip save a tenth or more."""
    if data.nbytes < WORTH_COMPRESSING:
        return False
    shuffled = data.reshape(-1).view(np.uint8).reshape(-1, data.itemsize).T.tobytes()
    return len(zlib.compress(shuffled, 9)) < 0.9 * data.nbytes
