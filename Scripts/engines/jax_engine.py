# /// script
# dependencies = ["jax==0.10.2", "numpy==2.4.6"]
# ///
"""JAX on the CPU: jax.lax.conv_general_dilated in every layout, its gradients by jax.vjp.

VALID and SAME reach XLA by name. JAX's convolution has no bias: it is a sum of JAX's.
"""

import os
from collections.abc import Callable

from convcheck_engine import Capabilities, Problem, Unsupported, along_channels, serve

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import jax
import jax.numpy as jnp
import numpy as np

NAMES = {"SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER", "VALID": "VALID"}


def convolution(problem: Problem, input: jax.Array, filter: jax.Array) -> jax.Array:
    """Convolve, with XLA's own rule for the padding where it has a name."""
    top, bottom, left, right = problem.pads
    padding = NAMES.get(problem.padding, ((top, bottom), (left, right)))
    dimensions = (problem.input_layout, problem.filter_layout, problem.input_layout)
    words = {"rhs_dilation": problem.dilations, "dimension_numbers": dimensions, "feature_group_count": problem.groups}
    wanted = jnp.int32 if problem.answer.dtype == "int32" else None
    return jax.lax.conv_general_dilated(input, filter, problem.strides, padding, **words, preferred_element_type=wanted)


def biased(problem: Problem, answer: jax.Array, bias: np.ndarray | None) -> np.ndarray:
    """Add the bias along the channels."""
    if bias is None:
        return np.asarray(answer)
    if problem.dtype in ("bfloat16", "float16"):
        raise Unsupported("JAX's convolution has no bias: it would be added to sums that are rounded already")
    return np.asarray(answer + array(problem, along_channels(problem, bias, answer.shape)))


def array(problem: Problem, numbers: np.ndarray) -> jax.Array:
    """Give an operand to JAX."""
    return jnp.asarray(numbers, jnp.bfloat16 if problem.dtype == "bfloat16" else None)


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, and add the bias."""
    if any(np.any(zero) for zero in problem.zero_points.values()):
        raise Unsupported("JAX has no zero points")
    if len({*problem.dtypes.values()}) > 1:
        raise Unsupported("JAX wants operands of one type")
    return biased(problem, convolution(problem, array(problem, input), array(problem, filter)), bias)


def gradient(problem: Problem, convolved: Callable[[jax.Array], jax.Array], output: np.ndarray) -> jax.Array:
    """Differentiate a convolution by one operand: it is linear in it, and so it is the same everywhere."""
    given = array(problem, output)
    return jax.vjp(convolved, jnp.zeros(problem.answer.shape, given.dtype))[1](given)[0]


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
