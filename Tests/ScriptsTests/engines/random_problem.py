"""Random problems, small enough for the definition, with data that any right engine of the type adds up exactly."""

from dataclasses import dataclass

import definition
import numpy as np

FLOATS = ["float32", "float64", "float16", "bfloat16"]


@dataclass
class RandomProblem:
    """A forward convolution: its numbers, and the shapes of its tensors in NHWC and HWIO."""

    words: dict
    """What `definition` takes: strides, dilations, pads, groups."""
    padding: str
    input: tuple
    filter: tuple
    output: tuple


def random_problem(random):
    """Draw all of it, with a remainder beyond the last window now and then, and every way to state padding."""
    while True:
        groups, depth, share = (int(random.integers(1, 4)) for _ in range(3))
        kernel, strides, dilations = ([int(n) for n in random.integers(1, 4, 2)] for _ in range(3))
        size = [int(n) for n in random.integers(1, 9, 2)]
        padding = str(random.choice(["VALID", "SAME_UPPER", "SAME_LOWER", "EXPLICIT", "EXPLICIT"]))
        pads = pads_of(padding, random, size, kernel, strides, dilations)
        input = (int(random.integers(1, 3)), *size, groups * depth)
        filter = (*kernel, depth, groups * share)
        words = {"strides": strides, "dilations": dilations, "pads": pads}
        output = definition.output_shape(input, filter, **words)
        if min(output) > 0:
            return RandomProblem(words | {"groups": groups}, padding, input, filter, output)


def pads_of(padding, random, size, kernel, strides, dilations):
    """Top, bottom, left, right."""
    if padding == "VALID":
        return [0, 0, 0, 0]
    if padding == "EXPLICIT":
        return [int(n) for n in random.integers(0, 4, 4)]
    pads = []
    for n, k, stride, dilation in zip(size, kernel, strides, dilations, strict=True):
        total = max((-(-n // stride) - 1) * stride + (k - 1) * dilation + 1 - n, 0)
        pads += [total // 2, total - total // 2] if padding == "SAME_UPPER" else [total - total // 2, total // 2]
    return pads


def whole_numbers(random, shape, dtype):
    """Whole numbers of which sums of 200 products are exact in the type."""
    if dtype in ("int8", "uint8"):
        limits = np.iinfo(dtype)
        return random.integers(limits.min, limits.max + 1, shape).astype(dtype)
    bound = {"bfloat16": 1, "float16": 3}.get(dtype, 31)
    return random.integers(-bound, bound + 1, shape).astype("float32" if dtype == "bfloat16" else dtype)
