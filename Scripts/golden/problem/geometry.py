"""The geometry of a 2-D convolution: shapes, strides, dilations, pads, groups."""

from dataclasses import dataclass
from functools import cached_property

VALID, SAME_UPPER, SAME_LOWER, EXPLICIT = PADDINGS = ("VALID", "SAME_UPPER", "SAME_LOWER", "EXPLICIT")

Pair = tuple[int, int]
Pads = tuple[int, int, int, int]


class GeometryError(ValueError):
    """A geometry that has no output."""


def same_pads(size: int, kernel: int, stride: int, dilation: int, upper: bool) -> Pair:
    """Return (begin, end) of SAME padding along one axis, as TensorFlow defines it.

    out = ceil(size / stride); total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0); the odd one
    goes to the end (SAME_UPPER) or to the beginning (SAME_LOWER).
    """
    out = -(-size // stride)
    total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    small, large = total // 2, total - total // 2
    return (small, large) if upper else (large, small)


@dataclass(frozen=True)
class Geometry:
    """A convolution problem without its data.

    `input` is (batch, height, width, channels); `filter` is (kernel height, kernel width, channels / groups,
    filters); pairs are (height, width); `explicit_pads` are (top, bottom, left, right), read only where `padding`
    is EXPLICIT.
    """

    input: tuple[int, int, int, int]
    filter: tuple[int, int, int, int]
    strides: Pair = (1, 1)
    dilations: Pair = (1, 1)
    padding: str = VALID
    explicit_pads: Pads = (0, 0, 0, 0)
    groups: int = 1
    bias: bool = False

    @cached_property
    def pads(self) -> Pads:
        """(top, bottom, left, right) zeros around each image, resolved also for VALID and SAME; negative ones crop.

        None where SAME has no meaning, for want of a stride, a dilation or a filter.
        """
        is_defined = min(*self.strides, *self.dilations, *self.filter[:2]) >= 1
        if self.padding == VALID or (self.padding != EXPLICIT and not is_defined):
            return (0, 0, 0, 0)
        if self.padding == EXPLICIT:
            return self.explicit_pads
        top, bottom = self._same(0)
        left, right = self._same(1)
        return (top, bottom, left, right)

    def _same(self, axis: int) -> Pair:
        return same_pads(
            self.input[1 + axis],
            self.filter[axis],
            self.strides[axis],
            self.dilations[axis],
            upper=self.padding == SAME_UPPER,
        )

    @cached_property
    def extent(self) -> Pair:
        """The filter's (height, width) with its dilation: (k - 1) * dilation + 1."""
        height, width = ((self.filter[axis] - 1) * self.dilations[axis] + 1 for axis in (0, 1))
        return (height, width)

    @cached_property
    def output(self) -> tuple[int, int, int, int]:
        """The output's (batch, height, width, filters); raises GeometryError where the filter does not fit."""
        batch, height, width, channels = self.input
        if self.groups < 1 or channels != self.filter[2] * self.groups or self.filter[3] % self.groups:
            raise GeometryError(f"{self.groups} groups do not divide input {self.input} and filter {self.filter}")
        top, bottom, left, right = self.pads
        rows = self._windows(0, height + top + bottom)
        columns = self._windows(1, width + left + right)
        return (batch, rows, columns, self.filter[3])

    def _windows(self, axis: int, padded: int) -> int:
        if self.input[1 + axis] == 0 and self.padding in (SAME_UPPER, SAME_LOWER):
            return 0  # ceil(0 / stride), although the pads alone may hold the filter
        if padded < self.extent[axis]:
            raise GeometryError(f"a filter of {self.extent} does not fit input {self.input} with pads {self.pads}")
        return (padded - self.extent[axis]) // self.strides[axis] + 1

    @property
    def products(self) -> int:
        """Products summed into one output element: kernel height * kernel width * channels / groups."""
        return self.filter[0] * self.filter[1] * self.filter[2]
