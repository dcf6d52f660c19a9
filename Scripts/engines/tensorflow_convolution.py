"""TensorFlow's convolution of a problem, on its own tensors, its transpose and its derivative.

VALID and SAME (upper) reach TensorFlow by name, everything else as pads.
"""

from collections.abc import Callable

from convcheck_engine import Problem

import numpy as np
import tensorflow as tf

NAMES = {"SAME_UPPER": "SAME", "VALID": "VALID"}


def tensor(problem: Problem, numbers: np.ndarray) -> tf.Tensor:
    """Give an operand to TensorFlow; bfloat16 as such."""
    return tf.cast(numbers, tf.bfloat16) if problem.dtype == "bfloat16" else tf.constant(numbers)


def words(problem: Problem) -> dict[str, object]:
    """Say strides, dilations and padding; the groups follow from the channels of input and filter."""
    top, bottom, left, right = problem.pads
    padding = NAMES.get(problem.padding, [[0, 0], [top, bottom], [left, right], [0, 0]])
    return {"strides": problem.strides, "padding": padding, "dilations": problem.dilations}


def convolution(problem: Problem, input: tf.Tensor, filter: tf.Tensor) -> tf.Tensor:
    """Convolve (NHWC and HWIO)."""
    return tf.nn.conv2d(input, filter, **words(problem))


def transposed(problem: Problem, output: tf.Tensor, filter: tf.Tensor) -> tf.Tensor:
    """Transpose a convolution, or where tf.nn.conv2d_transpose cannot, differentiate it."""
    if problem.groups == 1 and problem.padding in NAMES:
        return tf.nn.conv2d_transpose(output, filter, problem.answer.shape, **words(problem))
    return gradient(problem, lambda image: convolution(problem, image, filter), output)


def gradient(problem: Problem, convolved: Callable[[tf.Tensor], tf.Tensor], output: tf.Tensor) -> tf.Tensor:
    """Differentiate a convolution by one operand: it is linear in it, and so it is the same everywhere.

    Args:
        problem: the shape of the operand.
        convolved: the output of an operand.
        output: the gradient with respect to the output.

    """
    with tf.GradientTape() as tape:
        operand = tf.zeros(problem.answer.shape, output.dtype)
        tape.watch(operand)
        result = convolved(operand)
    return tape.gradient(result, operand, output)
