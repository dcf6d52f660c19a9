# /// script
# dependencies = ["tensorflow-cpu==2.21.0", "numpy==2.4.6"]
# ///
"""TensorFlow on the CPU: tf.nn.conv2d, and the gradients' own operations.

VALID and SAME (upper) reach it by name, everything else as pads. A bias is tf.nn.bias_add. Without oneDNN, which is
TensorFlow's default and which the argument --onednn turns on.
"""

import os
import sys
from collections.abc import Callable

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, serve

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1" if "--onednn" in sys.argv else "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
import tensorflow as tf

TYPES = {"bfloat16": tf.bfloat16}
# What an error means, by its words, where it does not blame the problem.
MEANINGS = {"out of range for an int32": Refused, "not yet support": Unsupported, "not supported on": Unsupported}
MEANINGS["could not create a primitive"] = Refused
NAMES = {"SAME_UPPER": "SAME", "VALID": "VALID"}


def words(problem: Problem) -> dict[str, object]:
    """Say strides, dilations and padding."""
    top, bottom, left, right = problem.pads
    padding = NAMES.get(problem.padding, [[0, 0], [top, bottom], [left, right], [0, 0]])
    return {"strides": problem.strides, "padding": padding, "dilations": problem.dilations}


def biased(problem: Problem, answer: tf.Tensor, bias: np.ndarray | None) -> np.ndarray:
    """Add the bias."""
    if bias is not None and problem.dtype in ("bfloat16", "float16"):
        raise Unsupported("TensorFlow's convolution has no bias: it would be added to sums that are rounded already")
    return (answer if bias is None else tf.nn.bias_add(answer, tensor(problem, bias))).numpy()


def tensor(problem: Problem, numbers: np.ndarray) -> tf.Tensor:
    """Give an operand to TensorFlow."""
    return tf.cast(numbers, TYPES[problem.dtype]) if problem.dtype in TYPES else tf.constant(numbers)


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, and add the bias."""
    if problem.groups != 1 and input.shape[3] != filter.shape[2] * problem.groups:
        raise ValueError("TensorFlow takes the groups from the channels, which disagree")
    output = tf.nn.conv2d(tensor(problem, input), tensor(problem, filter), **words(problem))
    return biased(problem, output, bias)


def gradient(problem: Problem, convolved: Callable[[tf.Tensor], tf.Tensor], given: tf.Tensor) -> tf.Tensor:
    """Differentiate a convolution by one operand: it is linear in it, and so it is the same everywhere."""
    with tf.GradientTape() as tape:
        operand = tf.zeros(problem.answer.shape, given.dtype)
        tape.watch(operand)
        result = convolved(operand)
    return tape.gradient(result, operand, given)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Transpose a convolution, or where tf.nn.conv2d_transpose cannot, differentiate it."""
    given, weight = tensor(problem, output), tensor(problem, filter)
    if problem.groups == 1 and problem.padding in NAMES:
        answer = tf.nn.conv2d_transpose(given, weight, problem.answer.shape, **words(problem))
    else:
        answer = gradient(problem, lambda image: tf.nn.conv2d(image, weight, **words(problem)), given)
    return biased(problem, answer, bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate by the filter."""
    image, given = tensor(problem, input), tensor(problem, output)
    return gradient(problem, lambda weight: tf.nn.conv2d(image, weight, **words(problem)), given).numpy()


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    name = "tensorflow-onednn" if "--onednn" in sys.argv else "tensorflow"
    capabilities = Capabilities(dtypes=["float32", "float64", "float16", "bfloat16"])
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (tf.errors.InvalidArgumentError, ValueError, TypeError, ZeroDivisionError)
    kinds = {"rejects": rejects, "unsupported": (tf.errors.UnimplementedError,), "meanings": MEANINGS}
    serve(convolve, name, tf.__version__, capabilities, **gradients, **kinds)
