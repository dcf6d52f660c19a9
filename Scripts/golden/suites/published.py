"""Geometries published with their outputs: small ones become cases, all are checked."""

from dataclasses import dataclass
from math import prod

from golden.problem.geometry import SAME_UPPER, VALID, Geometry
from golden.problem.naming import catches
from golden.vectors.case import Case

STACK_OVERFLOW = "https://stackoverflow.com/questions/34619177/what-does-tf-nn-conv2d-do-in-tensorflow"
LARGEST_STORED = 8000  # elements of input, filter and output together


@dataclass(frozen=True)
class Row:
    """One published layer; shapes are NHWC and HWIO."""

    input: tuple[int, int, int, int]
    filter: tuple[int, int, int, int]
    stride: int
    padding: str
    output: tuple[int, int, int, int]
    source: str = ""
    bias: bool = False

    @property
    def geometry(self) -> Geometry:
        """The row as a problem."""
        return Geometry(self.input, self.filter, (self.stride,) * 2, padding=self.padding, bias=self.bias)

    @property
    def parameters(self) -> int:
        """What a layer learns: the filter's elements, and a bias for each filter."""
        return prod(self.filter) + self.bias * self.filter[3]

    @property
    def is_stored(self) -> bool:
        """Whether the row is small enough to become a case."""
        return prod(self.input) + prod(self.filter) + prod(self.output) <= LARGEST_STORED

    def case(self) -> Case:
        """Return the row as a case of integer data."""
        shapes = ["x".join(map(str, shape)) for shape in (self.input, self.filter)]
        name = f"published-{shapes[0]}-{shapes[1]}-s{self.stride}-{self.padding.lower()}-int"
        return Case(name, self.geometry, catches(self.geometry), tags=("published",), source=self.source)


ROWS = (
    Row((1, 3, 3, 5), (1, 1, 5, 1), 1, VALID, (1, 3, 3, 1), STACK_OVERFLOW),
    Row((1, 3, 3, 5), (3, 3, 5, 1), 1, VALID, (1, 1, 1, 1), STACK_OVERFLOW),
    Row((1, 5, 5, 5), (3, 3, 5, 1), 1, VALID, (1, 3, 3, 1), STACK_OVERFLOW),
    Row((1, 5, 5, 5), (3, 3, 5, 1), 1, SAME_UPPER, (1, 5, 5, 1), STACK_OVERFLOW),
    Row((1, 5, 5, 5), (3, 3, 5, 7), 1, SAME_UPPER, (1, 5, 5, 7), STACK_OVERFLOW),
    Row((1, 5, 5, 5), (3, 3, 5, 7), 2, SAME_UPPER, (1, 3, 3, 7), STACK_OVERFLOW),
    Row((10, 5, 5, 5), (3, 3, 5, 7), 2, SAME_UPPER, (10, 3, 3, 7), STACK_OVERFLOW),
    Row((1, 10, 10, 10), (2, 10, 10, 10), 2, SAME_UPPER, (1, 5, 5, 10), STACK_OVERFLOW),
    Row((1, 256, 256, 1), (4, 4, 1, 1), 2, VALID, (1, 127, 127, 1)),
    Row((1, 256, 256, 1), (4, 4, 1, 1), 2, SAME_UPPER, (1, 128, 128, 1)),
    Row((1, 128, 128, 3), (8, 8, 3, 24), 2, VALID, (1, 61, 61, 24)),
    Row((1, 61, 61, 24), (8, 8, 24, 24), 2, VALID, (1, 27, 27, 24)),
    Row((1, 27, 27, 24), (8, 8, 24, 24), 2, VALID, (1, 10, 10, 24)),
    Row((1, 25, 20, 7), (5, 5, 7, 15), 1, SAME_UPPER, (1, 25, 20, 15)),
    Row((1, 300, 300, 3), (3, 3, 3, 32), 1, VALID, (1, 298, 298, 32)),
    Row((1, 32, 32, 3), (3, 3, 3, 32), 1, SAME_UPPER, (1, 32, 32, 32), bias=True),
    Row((1, 28, 28, 1), (5, 5, 1, 32), 1, SAME_UPPER, (1, 28, 28, 32)),
    Row((1, 14, 14, 32), (5, 5, 32, 64), 1, SAME_UPPER, (1, 14, 14, 64)),
    Row((64, 100, 20, 32), (4, 1, 32, 32), 1, SAME_UPPER, (64, 100, 20, 32)),
)


def demand(condition: bool, what: str) -> None:
    """Raise ValueError with what was published unless the condition holds."""
    if not condition:
        raise ValueError(f"contradicts what was published: {what}")


def prove_rows(rows: tuple[Row, ...] = ROWS) -> None:
    """Raise ValueError unless each row's geometry gives the published output, and pads and parameters are as told."""
    for row in rows:
        demand(row.geometry.output == row.output, f"{row.input} with {row.filter} gives {row.output}")
    biased = [row.parameters for row in rows if row.bias]
    demand(biased == [896], "a 3x3 layer from 3 to 32 channels, with bias, has 896 parameters")
    demand(rows[-1].geometry.pads == (1, 2, 0, 0), "a 4x1 kernel wants one more pad at the end than at the beginning")
