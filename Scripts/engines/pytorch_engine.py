# /// script
# dependencies = ["torch", "numpy"]
# [tool.convcheck]
# debian = ["python3-torch"]
# ///
"""PyTorch on the CPU: torch.nn.functional.conv2d, its gradients by autograd, and its namesake for quantized tensors.

A bias makes the gradient with respect to the input a conv_transpose2d, as does the argument --transposed for every
problem. --qnnpack and the like name the engine for quantized problems.
"""

import sys

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, output_padding, serve

import numpy as np
import torch
from torch_convolution import conv2d, conv_transpose2d, quantized
from torch_gradients import by_bias, by_filter, by_input
from torch_tensors import array, tensor

# What a RuntimeError means, by its words, where it does not blame the problem.
MEANINGS = {"can't allocate memory": Refused, "not implemented for": Unsupported, "only supports": Unsupported}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve."""
    addend = None if bias is None else tensor(problem, "bias", bias)
    return array(problem, conv2d(problem, tensor(problem, "input", input), tensor(problem, "filter", filter), addend))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Differentiate a convolution by its input, or transpose it."""
    if bias is None and "--transposed" not in sys.argv:
        return by_input(problem, output, filter)
    given, weight = tensor(problem, "output", output), tensor(problem, "filter", filter)
    addend = None if bias is None else tensor(problem, "bias", bias)
    return array(problem, conv_transpose2d(problem, given, weight, addend, output_padding(problem, output, filter)))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in (name for name in torch.backends.quantized.supported_engines if f"--{name}" in sys.argv):
        torch.backends.quantized.engine = name
    dtypes = ("float32", "float64", "float16", "bfloat16", "int8", "uint8")
    orders = (["NCHW", "NHWC"], ["OIHW", "OHWI", "HWIO", "HWOI"])
    capabilities = Capabilities(*orders, dtypes=dtypes, quantization=quantized is not None)
    gradients = {"input_gradient": input_gradient, "filter_gradient": by_filter, "bias_gradient": by_bias}
    kinds = {"rejects": (RuntimeError, TypeError, ValueError), "unsupported": (NotImplementedError,)}
    serve(convolve, "pytorch", torch.__version__, capabilities, **gradients, **kinds, meanings=MEANINGS)
