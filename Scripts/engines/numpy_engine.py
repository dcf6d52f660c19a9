# /// script
# dependencies = ["numpy"]
# [tool.convcheck]
# debian = ["python3-numpy"]
# ///
"""An engine in numpy alone, of every element type and operation: the example to start an adapter from.

Every operation goes over the taps of the filter (numpy_taps), and sums are rounded once, at the end (numpy_sums).
"""

from convcheck_engine import DTYPES, Capabilities, Problem, answer_shape, serve

import numpy as np
from numpy_sums import numbers, rounded, zeros
from numpy_taps import padded, taps, unpadded


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Add up at each output what the filter's taps see."""
    output = zeros(problem, answer_shape(problem, input, filter, bias))
    image, filter = padded(problem, numbers(problem, "input", input)), numbers(problem, "filter", filter)
    for pixels, weights, sums in taps(problem, image, filter, output):
        sums += pixels @ weights
    return rounded(problem, output, bias)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Give each output back to the pixels that its taps saw: the transposed convolution."""
    image = padded(problem, zeros(problem, answer_shape(problem, output, filter, bias)))
    output, filter = numbers(problem, "output", output), numbers(problem, "filter", filter)
    for pixels, weights, sums in taps(problem, image, filter, output):
        pixels += sums @ weights.T
    return rounded(problem, unpadded(problem, image), bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Multiply the pixels that each tap saw by the outputs that it had a part in."""
    filter = zeros(problem, answer_shape(problem, input, output))
    image, output = padded(problem, numbers(problem, "input", input)), numbers(problem, "output", output)
    for pixels, weights, sums in taps(problem, image, filter, output):
        weights += np.tensordot(pixels, sums, ((0, 1, 2), (0, 1, 2)))
    return rounded(problem, filter)


def bias_gradient(problem: Problem, output: np.ndarray) -> np.ndarray:
    """Add up the outputs of each filter."""
    answer_shape(problem, output)  # rejects a bias that is not of one number for each filter
    return rounded(problem, numbers(problem, "output", output).sum((0, 1, 2)))


if __name__ == "__main__":
    np.seterr(all="ignore")  # overflow and NaN are results like others
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient, "bias_gradient": bias_gradient}
    serve(convolve, "numpy", np.__version__, Capabilities(dtypes=tuple(DTYPES), quantization=True), **gradients)
