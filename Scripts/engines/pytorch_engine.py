# /// script
# dependencies = ["torch", "numpy"]
# [tool.convcheck]
# debian = ["python3-torch"]
# ///
"""PyTorch on the CPU: torch.nn.functional.conv2d, its gradients by autograd, and its namesake for quantized tensors.

Layouts are views: NHWC with OHWI is torch.channels_last. Where the two pads of an axis differ, PyTorch has no argument
for it: what the larger one has over is padded with torch.nn.functional.pad, as PyTorch itself does for padding="same",
and conv2d pads the rest. A bias makes the gradient with respect to the input a conv_transpose2d, as does the argument
--transposed for every problem. --qnnpack and the like name the engine for quantized problems.
"""

import sys
import warnings
from collections.abc import Callable

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, output_padding, serve

import numpy as np
import torch
import torch.nn.functional as functional

try:
    import torch.ao.nn.quantized.functional as quantized
except ImportError:  # PyTorch means to drop it
    quantized = None

QUANTIZED = {"int8": torch.qint8, "uint8": torch.quint8}
# What a RuntimeError means, by its words, where it does not blame the problem.
MEANINGS = {"can't allocate memory": Refused, "not implemented for": Unsupported, "only supports": Unsupported}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve."""
    addend = None if bias is None else tensor(problem, "bias", bias)
    return array(problem, conv2d(problem, tensor(problem, "input", input), tensor(problem, "filter", filter), addend))


def gradient(problem: Problem, convolved: Callable[[torch.Tensor], torch.Tensor], output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution by one operand: it is linear in it, and so it is the same everywhere."""
    operand = tensor(problem, problem.answer.name, np.zeros(problem.answer.shape, output.dtype)).requires_grad_()
    return array(problem, torch.autograd.grad(convolved(operand), operand, tensor(problem, "output", output))[0])


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Differentiate a convolution by its input, or transpose it."""
    weight = tensor(problem, "filter", filter)
    if bias is None and "--transposed" not in sys.argv:
        return gradient(problem, lambda image: conv2d(problem, image, weight), output)
    given, addend = tensor(problem, "output", output), None if bias is None else tensor(problem, "bias", bias)
    return array(problem, conv_transpose2d(problem, given, weight, addend, output_padding(problem, output, filter)))


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution by its filter."""
    image = tensor(problem, "input", input)
    return gradient(problem, lambda weight: conv2d(problem, image, weight), output)


def bias_gradient(problem: Problem, output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution of single taps by its bias: of the real one no more than the output is known."""
    image = torch.zeros_like(tensor(problem, "output", output)[:, :1])
    taps = image.new_zeros((*problem.answer.shape, 1, 1, 1))
    return gradient(problem, lambda bias: functional.conv2d(image, taps, bias), output)


def conv2d(
    problem: Problem, image: torch.Tensor, weight: torch.Tensor, addend: torch.Tensor | None = None
) -> torch.Tensor:
    """Convolve, with PyTorch's own rule for the padding wherever it has one."""
    top, bottom, left, right = problem.pads
    padding = None if problem.scales else {"VALID": "valid", "SAME_UPPER": "same"}.get(problem.padding)
    if padding is None or (padding == "same" and problem.strides != (1, 1)):
        padding = (min(top, bottom), min(left, right))
        excess = (left - padding[1], right - padding[1], top - padding[0], bottom - padding[0])
        image = functional.pad(image, excess) if any(excess) else image
    arguments = (image, weight, addend, problem.strides, padding, problem.dilations, problem.groups)
    if not problem.scales:
        return functional.conv2d(*arguments)
    if problem.answer.dtype != problem.dtypes["input"]:
        raise Unsupported("the answer of quantized.functional.conv2d has the type of its input")
    scale, zero = float(problem.scales["output"][0]), int(problem.zero_points["output"][0])
    return quantized.conv2d(*arguments, scale=scale, zero_point=zero, dtype=QUANTIZED[problem.answer.dtype])


def conv_transpose2d(
    problem: Problem, given: torch.Tensor, weight: torch.Tensor, addend: torch.Tensor | None, beyond: tuple[int, int]
) -> torch.Tensor:
    """Transpose a convolution, and cut off what it computes for the excess of one pad over the other."""
    top, bottom, left, right = problem.pads
    padding = (min(top, bottom), min(left, right))
    options = (problem.strides, padding, beyond, problem.groups, problem.dilations)
    result = functional.conv_transpose2d(given, weight, addend, *options)
    (rows, columns), (top, left) = result.shape[2:], (top - padding[0], left - padding[1])
    return result[:, :, top : rows - (bottom - padding[0]), left : columns - (right - padding[1])]


def layouts(problem: Problem, name: str) -> tuple[str, str]:
    """Name a tensor's axes in the order that the problem has, and in PyTorch's."""
    return {"filter": (problem.filter_layout, "OIHW"), "bias": ("O", "O")}.get(name, (problem.input_layout, "NCHW"))


def tensor(problem: Problem, name: str, numbers: np.ndarray) -> torch.Tensor:
    """Give numpy's array to PyTorch, as NCHW or OIHW."""
    given, wanted = layouts(problem, name)
    result = torch.from_numpy(numbers).permute([given.index(axis) for axis in wanted])
    if problem.dtype == "bfloat16":
        return result.to(torch.bfloat16)
    if not problem.scales:
        return result
    if name == "bias":  # which PyTorch takes as the real numbers that it stands for
        factors = problem.scales["input"].astype(np.float64) * problem.scales["filter"]
        return torch.from_numpy((numbers * factors).astype(np.float32))
    scales, zeros = (torch.from_numpy(value) for value in (problem.scales[name], problem.zero_points[name]))
    if name == "input" or len(scales) == len(zeros) == 1:
        return torch._make_per_tensor_quantized_tensor(result, float(scales[0]), int(zeros[0]))
    scales, zeros = scales.double().expand(len(result)), zeros.expand(len(result))
    return torch._make_per_channel_quantized_tensor(result, scales.contiguous(), zeros.contiguous(), 0)


def array(problem: Problem, result: torch.Tensor) -> np.ndarray:
    """Take PyTorch's answer back to the layout that is wanted."""
    wanted, given = layouts(problem, problem.answer.name)
    result = result.int_repr() if result.is_quantized else result
    result = result.float() if result.dtype == torch.bfloat16 else result
    return result.permute([given.index(axis) for axis in wanted]).detach().numpy()


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", "Using padding='same'")  # it speaks of cost
    for name in (name for name in torch.backends.quantized.supported_engines if f"--{name}" in sys.argv):
        torch.backends.quantized.engine = name
    dtypes = ("float32", "float64", "float16", "bfloat16", "int8", "uint8")
    orders = (["NCHW", "NHWC"], ["OIHW", "OHWI", "HWIO", "HWOI"])
    capabilities = Capabilities(*orders, dtypes=dtypes, quantization=quantized is not None)
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient, "bias_gradient": bias_gradient}
    kinds = {"rejects": (RuntimeError, TypeError, ValueError), "unsupported": (NotImplementedError,)}
    serve(convolve, "pytorch", torch.__version__, capabilities, **gradients, **kinds, meanings=MEANINGS)
