# /// script
# dependencies = ["numpy"]
# [tool.convcheck]
# debian = ["python3-numpy"]
# ///
"""An engine in numpy alone, of every element type and operation: the example to start an adapter from."""

from collections.abc import Iterator

from convcheck_engine import DTYPES, Capabilities, Problem, Refused, Rejected, output_shape, round_to_bfloat16, serve

import numpy as np


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Add up at each output what the filter's taps see."""
    output = zeros(problem, output_shape(problem, input.shape, filter.shape))
    expect(bias is None or len(bias) == filter.shape[3], "the bias is not of one number for each filter")
    image, filter = padded(problem, numbers(problem, "input", input)), numbers(problem, "filter", filter)
    for pixels, weights, sums in taps(problem, image, filter, output):
        sums += pixels @ weights
    return answer(problem, output, bias)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Give each output back to the pixels that its taps saw: the transposed convolution."""
    shape, (top, _, left, _) = problem.answer.shape, problem.pads
    expect(output.shape == output_shape(problem, shape, filter.shape), "the output is of another shape")
    expect(bias is None or len(bias) == shape[3], "the bias is not of one number for each channel")
    image, filter = padded(problem, zeros(problem, shape)), numbers(problem, "filter", filter)
    for pixels, weights, sums in taps(problem, image, filter, numbers(problem, "output", output)):
        pixels += sums @ weights.T
    return answer(problem, image[:, top : top + shape[1], left : left + shape[2]], bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Multiply the pixels that each tap saw by the outputs that it had a part in."""
    filter = zeros(problem, problem.answer.shape)
    expect(output.shape == output_shape(problem, input.shape, filter.shape), "the output is of another shape")
    image = padded(problem, numbers(problem, "input", input))
    for pixels, weights, sums in taps(problem, image, filter, numbers(problem, "output", output)):
        weights += np.tensordot(pixels, sums, ((0, 1, 2), (0, 1, 2)))
    return answer(problem, filter)


def bias_gradient(problem: Problem, output: np.ndarray) -> np.ndarray:
    """Add up the outputs of each filter."""
    expect(problem.answer.shape == output.shape[3:], "the filters of output and bias disagree")
    return answer(problem, numbers(problem, "output", output).sum((0, 1, 2)))


def taps(problem: Problem, image: np.ndarray, filter: np.ndarray, output: np.ndarray) -> Iterator[tuple]:
    """Go over each tap of each group: views of the pixels that it sees, its weights, and the outputs that use it."""
    (sh, sw), (dh, dw), (out_h, out_w) = problem.strides, problem.dilations, output.shape[1:3]
    kh, kw, depth, filters = filter.shape
    for group, i, j in np.ndindex(problem.groups, kh, kw):
        rows, columns = slice(i * dh, i * dh + out_h * sh, sh), slice(j * dw, j * dw + out_w * sw, sw)
        channels, own = (slice(group * n, (group + 1) * n) for n in (depth, filters // problem.groups))
        yield image[:, rows, columns, channels], filter[i, j, :, own], output[..., own]


def expect(condition: bool, otherwise: str) -> None:
    """Reject an invalid problem."""
    if not condition:
        raise Rejected(otherwise)


def sum_type(problem: Problem) -> type:
    """Choose the type of all sums: float64 for integers too, which it adds up exactly."""
    return np.float32 if problem.dtype in ("float32", "float16", "bfloat16") else np.float64


def numbers(problem: Problem, name: str, operand: np.ndarray) -> np.ndarray:
    """Return what an operand's elements stand for."""
    return operand.astype(sum_type(problem)) - problem.zero_points.get(name, 0)


def zeros(problem: Problem, shape: tuple[int, ...]) -> np.ndarray:
    """Begin sums of that shape."""
    try:
        return np.zeros(shape, sum_type(problem))
    except ValueError as error:
        raise Refused(f"an array of shape {shape} is larger than memory can be: {error}") from error


def padded(problem: Problem, image: np.ndarray) -> np.ndarray:
    """Surround it with zeros: what padding with the zero point stands for, too."""
    (batch, height, width, channels), (top, bottom, left, right) = image.shape, problem.pads
    larger = zeros(problem, (batch, top + height + bottom, left + width + right, channels))
    larger[:, top : top + height, left : left + width] = image
    return larger


def answer(problem: Problem, sums: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Round what was computed, once, to the type that is wanted."""
    sums, dtype = sums if bias is None else sums + bias.astype(sums.dtype), problem.answer.dtype
    if problem.scales:
        scale = {name: value.astype(np.float64) for name, value in problem.scales.items()}
        rounded = np.rint(sums * (scale["input"] * scale["filter"]) / scale["output"]) + problem.zero_points["output"]
        return rounded.clip(np.iinfo(dtype).min, np.iinfo(dtype).max).astype(dtype)
    return round_to_bfloat16(sums) if dtype == "bfloat16" else sums.astype(dtype)


if __name__ == "__main__":
    np.seterr(all="ignore")  # overflow and NaN are results like others
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient, "bias_gradient": bias_gradient}
    serve(convolve, "numpy", np.__version__, Capabilities(dtypes=tuple(DTYPES), quantization=True), **gradients)
