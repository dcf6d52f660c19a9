"""PyTorch's gradients of a convolution, by autograd.

A convolution is linear in each operand, so its derivative by one is the same everywhere: it is taken at zero.
"""

from collections.abc import Callable

from convcheck_engine import Problem

import numpy as np
import torch
import torch.nn.functional as functional
from torch_convolution import conv2d
from torch_tensors import array, tensor


def by_input(problem: Problem, output: np.ndarray, filter: np.ndarray) -> np.ndarray:
    """Differentiate a convolution by its input."""
    weight = tensor(problem, "filter", filter)
    return gradient(problem, lambda image: conv2d(problem, image, weight), output)


def by_filter(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution by its filter."""
    image = tensor(problem, "input", input)
    return gradient(problem, lambda weight: conv2d(problem, image, weight), output)


def by_bias(problem: Problem, output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution of single taps by its bias: of the real one no more than the output is known."""
    image = torch.zeros_like(tensor(problem, "output", output)[:, :1])
    taps = image.new_zeros((*problem.answer.shape, 1, 1, 1))
    return gradient(problem, lambda bias: functional.conv2d(image, taps, bias), output)


def gradient(problem: Problem, convolved: Callable[[torch.Tensor], torch.Tensor], output: np.ndarray) -> np.ndarray:
    """Differentiate a convolution of one operand, as it is wanted, by that operand.

    Args:
        problem: the answer's shape and layout.
        convolved: the output of an operand in PyTorch's layout.
        output: the gradient with respect to the output, as it came.

    """
    operand = tensor(problem, problem.answer.name, np.zeros(problem.answer.shape, output.dtype)).requires_grad_()
    return array(problem, torch.autograd.grad(convolved(operand), operand, tensor(problem, "output", output))[0])
