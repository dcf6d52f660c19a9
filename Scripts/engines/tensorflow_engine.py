# /// script
# dependencies = ["tensorflow-cpu", "numpy"]
# ///
"""TensorFlow on the CPU: tf.nn.conv2d, and the gradients' own operations.

A bias is tf.nn.bias_add. Without oneDNN, which is TensorFlow's default and which the argument --onednn turns on.
"""

import os
import sys

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, check_added_bias, serve, with_options

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1" if "--onednn" in sys.argv else "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np
import tensorflow as tf
from tensorflow_convolution import convolution, gradient, tensor, transposed

# What an error means, by its words, where it does not blame the problem.
MEANINGS = {"out of range for an int32": Refused, "not yet support": Unsupported, "not supported on": Unsupported}
MEANINGS["could not create a primitive"] = Refused


def biased(problem: Problem, answer: tf.Tensor, bias: np.ndarray | None) -> np.ndarray:
    """Add the bias."""
    check_added_bias(problem, bias, "TensorFlow")
    return (answer if bias is None else tf.nn.bias_add(answer, tensor(problem, bias))).numpy()


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, and add the bias."""
    if problem.groups != 1 and input.shape[3] != filter.shape[2] * problem.groups:
        raise ValueError("TensorFlow takes the groups from the channels, which disagree")
    return biased(problem, convolution(problem, tensor(problem, input), tensor(problem, filter)), bias)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Transpose a convolution, and add the bias."""
    return biased(problem, transposed(problem, tensor(problem, output), tensor(problem, filter)), bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate by the filter."""
    image, given = tensor(problem, input), tensor(problem, output)
    return gradient(problem, lambda weight: convolution(problem, image, weight), given).numpy()


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    capabilities = Capabilities(dtypes=["float32", "float64", "float16", "bfloat16"])
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (tf.errors.InvalidArgumentError, ValueError, TypeError, ZeroDivisionError)
    kinds = {"rejects": rejects, "unsupported": (tf.errors.UnimplementedError,), "meanings": MEANINGS}
    serve(convolve, with_options("tensorflow"), tf.__version__, capabilities, **gradients, **kinds)
