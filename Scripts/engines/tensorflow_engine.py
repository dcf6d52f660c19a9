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
from functools import wraps

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, serve

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1" if "--onednn" in sys.argv else "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
import tensorflow as tf

TYPES = {"bfloat16": tf.bfloat16}
# What an error means, by its words, where it does not blame the problem.
KINDS = {"out of range for an int32": OverflowError, "not yet support": Unsupported, "not supported on": Unsupported}
KINDS["could not create a primitive"] = Refused
NAMES = {"SAME_UPPER": "SAME", "VALID": "VALID"}


def words(problem: Problem) -> dict[str, object]:
    """Say strides, dilations and padding."""
    top, bottom, left, right = problem.pads
    padding = NAMES.get(problem.padding, [[0, 0], [top, bottom], [left, right], [0, 0]])
    return {"strides": problem.strides, "padding": padding, "dilations": problem.dilations}


def biased(problem: Problem, answer: tf.Tensor, bias: np.ndarray | None) -> tf.Tensor:
    """Add the bias."""
    if bias is not None and problem.dtype in ("bfloat16", "float16"):
        raise Unsupported("TensorFlow's convolution has no bias: it would be added to sums that are rounded already")
    return answer if bias is None else tf.nn.bias_add(answer, tensor(problem, bias))


def tensor(problem: Problem, numbers: np.ndarray) -> tf.Tensor:
    """Give an operand to TensorFlow."""
    return tf.cast(numbers, TYPES[problem.dtype]) if problem.dtype in TYPES else tf.constant(numbers)


def candid(function: Callable[..., tf.Tensor]) -> Callable[..., np.ndarray]:
    """Tell an error that blames the problem from one that does not, and take the answer to numpy."""

    @wraps(function)
    def told(*arguments: object) -> np.ndarray:
        try:
            return function(*arguments).numpy()
        except (tf.errors.InvalidArgumentError, tf.errors.AbortedError) as error:
            kinds = (kind(error.message) for words, kind in KINDS.items() if words in error.message)
            raise next(kinds, error) from None

    return told


@candid
def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> tf.Tensor:
    """Convolve, and add the bias."""
    if problem.groups != 1 and input.shape[3] != filter.shape[2] * problem.groups:
        raise ValueError("TensorFlow takes the groups from the channels, which disagree")
    output = tf.nn.conv2d(tensor(problem, input), tensor(problem, filter), **words(problem))
    return biased(problem, output, bias)


@candid
def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> tf.Tensor:
    """Transpose a convolution."""
    operands, shape = (tensor(problem, output), tensor(problem, filter)), problem.answer.shape
    if problem.groups != 1 or problem.padding not in NAMES:
        with tf.GradientTape() as tape:
            image = tf.zeros(shape, operands[0].dtype)
            tape.watch(image)
            result = tf.nn.conv2d(image, operands[1], **words(problem))
        gradient = tape.gradient(result, image, operands[0])
    else:
        gradient = tf.nn.conv2d_transpose(*operands, shape, **words(problem))
    return biased(problem, gradient, bias)


@candid
def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> tf.Tensor:
    """Differentiate by the filter."""
    with tf.GradientTape() as tape:
        weight = tf.zeros(problem.answer.shape, tensor(problem, output).dtype)
        tape.watch(weight)
        result = tf.nn.conv2d(tensor(problem, input), weight, **words(problem))
    return tape.gradient(result, weight, tensor(problem, output))


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    name = "tensorflow-onednn" if "--onednn" in sys.argv else "tensorflow"
    capabilities = Capabilities(dtypes=["float32", "float64", "float16", "bfloat16"])
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (tf.errors.InvalidArgumentError, ValueError, TypeError, ZeroDivisionError)
    unsupported = (tf.errors.UnimplementedError, Unsupported)
    serve(convolve, name, tf.__version__, capabilities, **gradients, rejects=rejects, unsupported=unsupported)
