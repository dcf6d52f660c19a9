# /// script
# dependencies = ["jax", "numpy"]
# ///
"""JAX on the CPU: jax.lax.conv_general_dilated in every layout, its gradients by jax.vjp.

VALID and SAME reach XLA by name. JAX's convolution has no bias: it is a sum of JAX's.
"""

import os

from convcheck_engine import Capabilities, Problem, Unsupported, along_channels, check_added_bias, serve

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import jax
import numpy as np
from jax_convolution import array, convolution, gradient


def biased(problem: Problem, answer: jax.Array, bias: np.ndarray | None) -> np.ndarray:
    """Add the bias along the channels."""
    check_added_bias(problem, bias, "JAX")
    if bias is not None:
        answer += array(problem, along_channels(problem, bias, answer.shape))
    return np.asarray(answer)


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, and add the bias."""
    if any(np.any(zero) for zero in problem.zero_points.values()):
        raise Unsupported("JAX has no zero points")
    if len({*problem.dtypes.values()}) > 1:
        raise Unsupported("JAX wants operands of one type")
    return biased(problem, convolution(problem, array(problem, input), array(problem, filter)), bias)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Differentiate by the input."""
    weight = array(problem, filter)
    return biased(problem, gradient(problem, lambda image: convolution(problem, image, weight), output), bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate by the filter."""
    image = array(problem, input)
    return np.asarray(gradient(problem, lambda weight: convolution(problem, image, weight), output))


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    layouts = (["NHWC", "NCHW"], ["HWIO", "OIHW", "OHWI", "HWOI"])
    dtypes = ["float32", "float64", "float16", "bfloat16", "int8", "uint8", "int32"]
    capabilities = Capabilities(*layouts, dtypes=dtypes, negative_pads=True)
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (ValueError, TypeError, ZeroDivisionError)
    serve(convolve, "jax", jax.__version__, capabilities, **gradients, rejects=rejects)
