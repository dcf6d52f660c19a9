# /// script
# dependencies = ["tinygrad", "numpy"]
# ///
"""tinygrad on the CPU: Tensor.conv2d, with gradients by its autograd, and conv_transpose2d where there is a bias."""

import os
from importlib.metadata import version

from convcheck_engine import Capabilities, Problem, along_channels, serve

os.environ["DEV"] = "CPU"
import numpy as np
from tinygrad import Tensor


def words(problem: Problem) -> dict[str, object]:
    """Say the problem; its pads go from the last axis to the first."""
    top, bottom, left, right = problem.pads
    padding = (left, right, top, bottom)
    return {"groups": problem.groups, "stride": problem.strides, "dilation": problem.dilations, "padding": padding}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve."""
    addend = None if bias is None else Tensor(bias)
    return Tensor(input).conv2d(Tensor(filter), addend, **words(problem)).numpy()


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Differentiate by the input."""
    image = Tensor.zeros(*problem.answer.shape).contiguous()
    result = image.conv2d(Tensor(filter), None, **words(problem))
    [gradient] = result.gradient(image, gradient=Tensor(output))
    return (gradient if bias is None else gradient + Tensor(along_channels(problem, bias, gradient.shape))).numpy()


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate by the filter."""
    weight = Tensor.zeros(*problem.answer.shape).contiguous()
    result = Tensor(input).conv2d(weight, None, **words(problem))
    return result.gradient(weight, gradient=Tensor(output))[0].numpy()


if __name__ == "__main__":
    capabilities = Capabilities(["NCHW"], ["OIHW"], negative_pads=True)
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (AssertionError, RuntimeError, ValueError, IndexError, ZeroDivisionError)
    serve(convolve, "tinygrad", version("tinygrad"), capabilities, **gradients, rejects=rejects)
