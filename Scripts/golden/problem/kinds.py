"""What is computed of a convolution, and in which element types: operations, roles, types."""

from dataclasses import dataclass

import numpy as np

from golden.problem.geometry import Geometry

FLOAT64, FLOAT32, FLOAT16, BFLOAT16 = FLOATS = ("float64", "float32", "float16", "bfloat16")
INT8, UINT8, INT32 = INTEGERS = ("int8", "uint8", "int32")
SIGNIFICAND = {FLOAT64: 53, FLOAT32: 24, FLOAT16: 11, BFLOAT16: 8}  # bits, the hidden one among them
LEAST_EXPONENT = {FLOAT64: -1022, FLOAT32: -126, FLOAT16: -14, BFLOAT16: -126}  # of a normal number
LARGEST_EXPONENT = {FLOAT64: 1023, FLOAT32: 127, FLOAT16: 15, BFLOAT16: 127}
RANGE = {INT8: (-128, 127), UINT8: (0, 255), INT32: (-(2**31), 2**31 - 1)}
STORED = {
    FLOAT64: np.dtype("<f8"),
    FLOAT32: np.dtype("<f4"),
    FLOAT16: np.dtype("<f2"),
    BFLOAT16: np.dtype("<f4"),  # numpy and HDF5 have none: the float32 of the same value
    INT8: np.dtype("i1"),
    UINT8: np.dtype("u1"),
    INT32: np.dtype("<i4"),
}

INPUT, FILTER, BIAS, OUTPUT = ROLES = ("input", "filter", "bias", "output")
FORWARD, INPUT_GRADIENT, FILTER_GRADIENT, BIAS_GRADIENT = OPERATIONS = (
    "forward",
    "input-gradient",
    "filter-gradient",
    "bias-gradient",
)
FACTORS = {  # the operands that are multiplied
    FORWARD: (INPUT, FILTER),
    INPUT_GRADIENT: (OUTPUT, FILTER),
    FILTER_GRADIENT: (INPUT, OUTPUT),
    BIAS_GRADIENT: (OUTPUT,),
}
ANSWER = {FORWARD: OUTPUT, INPUT_GRADIENT: INPUT, FILTER_GRADIENT: FILTER, BIAS_GRADIENT: BIAS}
TAKES_BIAS = (FORWARD, INPUT_GRADIENT)


@dataclass(frozen=True)
class Kind:
    """An operation and the types of its tensors. The geometry beside it is always that of the forward convolution."""

    operation: str = FORWARD
    input: str = FLOAT32
    filter: str = FLOAT32
    output: str = FLOAT32

    @staticmethod
    def floating(operation: str, of_all: str) -> "Kind":
        """Return an operation on tensors of one floating type."""
        return Kind(operation, of_all, of_all, of_all)

    @property
    def is_plain(self) -> bool:
        """Whether it is the forward convolution in float32."""
        return self == PLAIN

    @property
    def is_floating(self) -> bool:
        """Whether the answer is a floating number: then all tensors have its type."""
        return self.output in FLOATS

    @property
    def is_quantized(self) -> bool:
        """Whether there are scales, and the answer is rounded to an integer of 8 bits."""
        return self.output in (INT8, UINT8)

    @property
    def tags(self) -> list[str]:
        """The operation, the types, and what else tells it from the forward convolution in float32."""
        if self.is_plain:
            return []
        types = {self.input, self.filter, self.output}
        return [self.operation, *types, *(["quantized"] if self.is_quantized else [])]

    def type_of(self, role: str) -> str:
        """Return the element type of a role's tensor."""
        if role == BIAS:
            return self.output if self.is_floating else INT32
        return {INPUT: self.input, FILTER: self.filter, OUTPUT: self.output}[role]

    def shapes(self, geometry: Geometry) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the operands by role."""
        shapes = {role: shape_of(role, geometry) for role in FACTORS[self.operation]}
        if geometry.bias and self.operation in TAKES_BIAS:
            shapes[BIAS] = (self.biases(geometry),)
        return shapes

    def biases(self, geometry: Geometry) -> int:
        """Return how many numbers a bias has: one for each filter, or for each channel of an input's gradient."""
        return geometry.input[3] if self.operation == INPUT_GRADIENT else geometry.filter[3]

    def answer(self, geometry: Geometry) -> tuple[int, ...]:
        """Return the shape of the answer."""
        return shape_of(ANSWER[self.operation], geometry)

    def products(self, geometry: Geometry) -> int:
        """Return how many products are summed into one element of the answer, at most."""
        kh, kw, depth, filters = geometry.filter
        if self.operation == FORWARD:
            return kh * kw * depth
        if self.operation == INPUT_GRADIENT:
            return kh * kw * filters // max(geometry.groups, 1)
        batch, rows, columns, _ = geometry.output
        return batch * rows * columns


PLAIN = Kind()


def shape_of(role: str, geometry: Geometry) -> tuple[int, ...]:
    """Return the shape of a role's tensor, axes in the order in which they are stored."""
    if role == BIAS:
        return (geometry.filter[3],)
    return {INPUT: geometry.input, FILTER: geometry.filter}.get(role) or geometry.output
