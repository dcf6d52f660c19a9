"""JAX's convolution of a problem, on its own arrays, and its derivative."""

from collections.abc import Callable

from convcheck_engine import Problem

import jax
import jax.numpy as jnp
import numpy as np

NAMES = {"SAME_UPPER": "SAME", "SAME_LOWER": "SAME_LOWER", "VALID": "VALID"}


def array(problem: Problem, numbers: np.ndarray) -> jax.Array:
    """Give an operand to JAX, in its own layout; bfloat16 as such."""
    return jnp.asarray(numbers, jnp.bfloat16 if problem.dtype == "bfloat16" else None)


def convolution(problem: Problem, input: jax.Array, filter: jax.Array) -> jax.Array:
    """Convolve, with XLA's own rule for the padding where it has a name, in the problem's layouts."""
    top, bottom, left, right = problem.pads
    padding = NAMES.get(problem.padding, ((top, bottom), (left, right)))
    dimensions = (problem.input_layout, problem.filter_layout, problem.input_layout)
    words = {"rhs_dilation": problem.dilations, "dimension_numbers": dimensions, "feature_group_count": problem.groups}
    wanted = jnp.int32 if problem.answer.dtype == "int32" else None
    return jax.lax.conv_general_dilated(input, filter, problem.strides, padding, **words, preferred_element_type=wanted)


def gradient(problem: Problem, convolved: Callable[[jax.Array], jax.Array], output: np.ndarray) -> jax.Array:
    """Differentiate a convolution by one operand: it is linear in it, and so it is the same everywhere.

    Args:
        problem: the shape of the operand.
        convolved: the output of an operand.
        output: the gradient with respect to the output, as it came.

    """
    given = array(problem, output)
    return jax.vjp(convolved, jnp.zeros(problem.answer.shape, given.dtype))[1](given)[0]
