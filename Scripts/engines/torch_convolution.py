"""PyTorch's convolutions of a problem, on its own tensors: conv2d, its namesake for quantized ones, its transpose.

PyTorch has one number for both pads of an axis. Where they differ, what the larger one has over is padded with
torch.nn.functional.pad, as PyTorch itself does for padding="same", or cut off the transposed convolution's answer.
"""

import warnings

from convcheck_engine import Problem, Unsupported, symmetric_pads

import torch
import torch.nn.functional as functional

try:
    import torch.ao.nn.quantized.functional as quantized
except ImportError:  # PyTorch means to drop it
    quantized = None

QUANTIZED = {"int8": torch.qint8, "uint8": torch.quint8}
warnings.filterwarnings("ignore", "Using padding='same'")  # it speaks of cost


def conv2d(
    problem: Problem, image: torch.Tensor, weight: torch.Tensor, addend: torch.Tensor | None = None
) -> torch.Tensor:
    """Convolve, with PyTorch's own rule for the padding wherever it has one.

    Args:
        problem: its strides, padding, dilations, groups, and scales.
        image: NCHW.
        weight: OIHW.
        addend: the bias.

    """
    padding = None if problem.scales else {"VALID": "valid", "SAME_UPPER": "same"}.get(problem.padding)
    if padding is None or (padding == "same" and problem.strides != (1, 1)):
        padding, (top, bottom, left, right) = symmetric_pads(problem)
        excess = (left, right, top, bottom)  # from the last axis to the first
        image = functional.pad(image, excess) if any(excess) else image
    arguments = (image, weight, addend, problem.strides, padding, problem.dilations, problem.groups)
    return quantized_conv2d(problem, *arguments) if problem.scales else functional.conv2d(*arguments)


def quantized_conv2d(problem: Problem, *arguments: object) -> torch.Tensor:
    """Convolve quantized tensors, and quantize the answer."""
    if problem.answer.dtype != problem.dtypes["input"]:
        raise Unsupported("the answer of quantized.functional.conv2d has the type of its input")
    scale, zero = float(problem.scales["output"][0]), int(problem.zero_points["output"][0])
    return quantized.conv2d(*arguments, scale=scale, zero_point=zero, dtype=QUANTIZED[problem.answer.dtype])


def conv_transpose2d(
    problem: Problem, given: torch.Tensor, weight: torch.Tensor, addend: torch.Tensor | None, beyond: tuple[int, int]
) -> torch.Tensor:
    """Transpose a convolution, and cut off what it computes for the excess of one pad over the other.

    Args:
        problem: its strides, pads, dilations and groups.
        given: the gradient with respect to the output, NCHW.
        weight: OIHW.
        addend: a bias of the answer's channels.
        beyond: PyTorch's output_padding, in rows and columns.

    """
    padding, (top, bottom, left, right) = symmetric_pads(problem)
    options = (problem.strides, padding, beyond, problem.groups, problem.dilations)
    result = functional.conv_transpose2d(given, weight, addend, *options)
    rows, columns = result.shape[2:]
    return result[:, :, top : rows - bottom, left : columns - right]
