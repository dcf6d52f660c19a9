"""Numbers and their sums in numpy, for an adapter that adds up by itself: of every element type.

What an operand's elements stand for, sums that lose none of it, and the one rounding to the type that is wanted.
"""

from convcheck_engine import Problem, Refused, round_to_bfloat16

import numpy as np


def sum_type(problem: Problem) -> type:
    """Choose the type of all sums: float64 for integers too, which it adds up exactly."""
    return np.float32 if problem.dtype in ("float32", "float16", "bfloat16") else np.float64


def numbers(problem: Problem, name: str, operand: np.ndarray) -> np.ndarray:
    """Return what an operand's elements stand for, in the type of the sums and its own layout.

    Integers stand for what is left after subtracting their zero point, of which a filter may have one for each filter.

    Args:
        problem: has the zero points.
        name: the operand's: input, filter or output.
        operand: as it came; a filter has its filters on the last axis (HWIO), where there are zero points.

    """
    return operand.astype(sum_type(problem)) - problem.zero_points.get(name, 0)


def zeros(problem: Problem, shape: tuple[int, ...]) -> np.ndarray:
    """Begin sums of that shape.

    Raises:
        Refused: where numpy has no array of so many elements. MemoryError counts as that by itself.

    """
    try:
        return np.zeros(shape, sum_type(problem))
    except ValueError as error:
        raise Refused(f"an array of shape {shape} is larger than memory can be: {error}") from error


def rounded(problem: Problem, sums: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Add the bias, and round to the answer's type, once.

    A quantized answer is round(sum * scale of the input * scale of the filter / scale of the output) + zero point, with
    ties to even, and the nearest number that its type has where that is beyond its ends.

    Args:
        problem: has the scales, the output's zero point, and the answer's type.
        sums: of the answer's shape, with the channels on the last axis (NHWC).
        bias: of one number for each channel.

    """
    sums, dtype = sums if bias is None else sums + bias.astype(sums.dtype), problem.answer.dtype
    if problem.scales:
        scale = {name: value.astype(np.float64) for name, value in problem.scales.items()}
        whole = np.rint(sums * (scale["input"] * scale["filter"]) / scale["output"]) + problem.zero_points["output"]
        return whole.clip(np.iinfo(dtype).min, np.iinfo(dtype).max).astype(dtype)
    return round_to_bfloat16(sums) if dtype == "bfloat16" else sums.astype(dtype)
