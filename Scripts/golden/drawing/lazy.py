"""Operands too large to be drawn whole: numbers are drawn where they are looked at, and are the same ones."""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from golden.drawing.operands import STREAMS, Operands, operand_bounds
from golden.drawing.streams import splitmix64_at, stream_seed
from golden.problem.geometry import Geometry
from golden.problem.kinds import Kind
from golden.problem.naming import INTEGER

Index = tuple[int | slice | NDArray, ...]


@dataclass(frozen=True)
class DrawnTensor:
    """A tensor of float32 with four axes of which no number is kept: whole ones up to `bound`, or reals without one."""

    shape: tuple[int, ...]
    seed: int  # of its stream
    bound: int | None

    @property
    def size(self) -> int:
        """How many elements it has."""
        return prod(self.shape)

    def __getitem__(self, index: Index) -> NDArray[np.float64]:
        """Return elements as numpy does where numbers and arrays come before slices in the result."""
        slices = [axis for axis, of_axis in enumerate(index) if isinstance(of_axis, slice)]
        place: NDArray = np.int64(0)
        for axis, of_axis in enumerate(index):
            if axis in slices:
                there = np.arange(*of_axis.indices(self.shape[axis]))
                of_axis = there.reshape((-1, *[1] * (len(slices) - 1 - slices.index(axis))))
            else:
                of_axis = np.asarray(of_axis, np.int64)
                of_axis = of_axis.reshape((*of_axis.shape, *[1] * len(slices)))
            place = place + of_axis.astype(np.int64) * prod(self.shape[axis + 1 :])
        return self.at(place)

    def at(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the elements at some places in C order."""
        outputs = splitmix64_at(self.seed, places.reshape(-1)).reshape(places.shape)  # numpy warns of a scalar's wrap
        bits = (outputs >> np.uint64(40)).astype(np.int64)
        if self.bound is None:
            return (bits - 2**23) * 2.0**-23
        return ((bits * (2 * self.bound + 1) >> 24) - self.bound).astype(np.float64)

    def whole(self) -> NDArray[np.float32]:
        """Return all elements."""
        block = 2**16
        parts = [self.at(np.arange(first, min(first + block, self.size))) for first in range(0, self.size, block)]
        return np.concatenate([part.astype(np.float32) for part in parts]).reshape(self.shape)


def lazy_operands(geometry: Geometry, kind: Kind, data: str, seed: int) -> Operands:
    """Return the operands of an operation in float32 as `draw_integer_operands` or `draw_real_operands` would."""
    bounds = operand_bounds(geometry, kind) if data == INTEGER else {}
    return {
        role: DrawnTensor(shape, stream_seed(seed, STREAMS[role]), bounds.get(role))
        for role, shape in kind.shapes(geometry).items()
    }
