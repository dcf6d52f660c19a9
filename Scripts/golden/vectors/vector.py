"""What is stored of a case: attributes and datasets by name."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.vectors import checksum
from golden.vectors.case import Case


class CaseError(Exception):
    """A case that cannot be made: degenerate, contradicting a publication, or beyond exact arithmetic."""


@dataclass(frozen=True)
class Vector:
    """A case with its data, as it is stored: attributes and datasets by name."""

    name: str
    attributes: dict[str, object]
    datasets: dict[str, NDArray]

    @property
    def stored_attributes(self) -> dict[str, object]:
        """The attributes with the checksum over them and the datasets."""
        return self.attributes | {checksum.NAME: checksum.checksum(self.attributes, self.datasets)}


Trial = Callable[[Case, int], tuple[Vector | None, str]]  # a vector from a seed, or why there is none


def attributes(case: Case, seed: int, found: list[str]) -> dict[str, object]:
    """Return a case's attributes, without its checksum; `found` are the kinds of degeneracy that it has."""
    geometry = case.geometry
    return {
        "strides": np.array(geometry.strides, np.int64),
        "dilations": np.array(geometry.dilations, np.int64),
        "padding": geometry.padding,
        "pads": np.array(geometry.pads, np.int64),
        "groups": np.int64(geometry.groups),
        "data": case.data,
        "expect": case.expect,
        "seed": np.uint64(seed),
        "tags": case.all_tags,
        "note": case.full_note(found),
    } | ({"source": case.source} if case.source else {})


def present(datasets: dict[str, NDArray | None]) -> dict[str, NDArray]:
    """Return the datasets that there are: a case without a bias stores none."""
    return {name: values for name, values in datasets.items() if values is not None}
