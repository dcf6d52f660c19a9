# /// script
# dependencies = ["jax==0.10.2", "numpy==2.4.6"]
# ///
"""JAX on the CPU: jax.lax.conv_general_dilated in every layout, its gradients by jax.vjp.

VALID and SAME reach XLA by name. JAX's convolution has no bias: it is a sum of JAX's.
"""

import os

from convcheck_engine import Capabilities, Problem, Unsupported, serve

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
    channels = problem.input_layout.index("C")
    if bias.shape != (answer.shape[channels],):
        raise ValueError("a sum takes a bias of any size that it can spread: this one has another than the channels")
    return np.asarray(answer + array(problem, bias).reshape([-1 if axis == channels else 1 for axis in range(4)]))


def array(problem: Problem, numbers: np.ndarray) -> jax.Array:
    """Give an operand to JAX."""
    return jnp.asarray(numbers, jnp.bfloat16 if problem.dtype == "bfloat16" else None)


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, and add the bias."""
    if any(np.any(zero) for zero in problem.zero_points.values()):
        raise Unsupported("JAX has no zero points")
    if len({*problem.dtypes.values()}) > 1:
        raise Unsupported("JAX wants operands of one type")
    output = convolution(problem, array(problem, input), array(problem, filter))
    return biased(problem, output, bias)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Differentiate by the input."""
    weight, image = array(problem, filter), jnp.zeros(problem.answer.shape, array(problem, output).dtype)
    [gradient] = jax.vjp(lambda x: convolution(problem, x, weight), image)[1](array(problem, output))
    return biased(problem, gradient, bias)


def filter_gradient(problem: Problem, input: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Differentiate by the filter."""
    image, given = array(problem, input), array(problem, output)
    weight = jnp.zeros(problem.answer.shape, image.dtype)
    [gradient] = jax.vjp(lambda w: convolution(problem, image, w), weight)[1](given)
    return np.asarray(gradient)


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    layouts = (["NHWC", "NCHW"], ["HWIO", "OIHW", "OHWI", "HWOI"])
    dtypes = ["float32", "float64", "float16", "bfloat16", "int8", "uint8", "int32"]
    capabilities = Capabilities(*layouts, dtypes=dtypes, negative_pads=True)
    gradients = {"input_gradient": input_gradient, "filter_gradient": filter_gradient}
    rejects = (ValueError, TypeError, ZeroDivisionError)
    serve(convolve, "jax", jax.__version__, capabilities, **gradients, rejects=rejects)
