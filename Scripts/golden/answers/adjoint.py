"""The identity that ties the operations together.

    <conv(x, w), g> = <x, inputGradient(g, w)> = <w, filterGradient(x, g)>

It is proven in whole numbers, with a third tensor drawn for it where a case has two.
"""

import numpy as np
from numpy.typing import NDArray

from golden.answers.relation import scattered
from golden.drawing.operands import WITNESS, Operands, whole_numbers
from golden.problem.geometry import Geometry
from golden.problem.kinds import (
    BIAS_GRADIENT,
    FACTORS,
    FILTER,
    FILTER_GRADIENT,
    FORWARD,
    INPUT,
    INPUT_GRADIENT,
    OUTPUT,
    Kind,
    shape_of,
)

BOUND = 3  # of the third tensor
TRIPLE = {FORWARD: OUTPUT, INPUT_GRADIENT: INPUT, FILTER_GRADIENT: FILTER}  # an operation's answer, by role


def prove(kind: Kind, geometry: Geometry, operands: Operands, sums: NDArray, seed: int) -> None:
    """Raise ArithmeticError unless the identity holds for whole operands and the sums of products that they give.

    No sum may reach 2^63 / BOUND.
    """
    whole = {role: operands[role].astype(np.int64) for role in FACTORS[kind.operation]}
    answer = {kind.operation: sums}
    if kind.operation == BIAS_GRADIENT:
        bias = whole_numbers(seed, WITNESS, sums.shape, BOUND)
        demand(
            {
                "of the output": inner(np.broadcast_to(bias, whole[OUTPUT].shape), whole[OUTPUT]),
                "of the bias": inner(bias, sums),
            }
        )
        return
    role = TRIPLE[kind.operation]
    whole[role] = whole_numbers(seed, WITNESS, shape_of(role, geometry), BOUND)
    demand(
        {
            f"of the {role}": inner(
                whole[role],
                answer[operation] if operation in answer else scattered(Kind(operation), geometry, whole),
            )
            for operation, role in TRIPLE.items()
        }
    )


def inner(first: NDArray, second: NDArray) -> int:
    """Return the sum of the products of two tensors' elements, exactly."""
    return int(np.sum(first.astype(object) * second.astype(object), initial=0))


def demand(products: dict[str, int]) -> None:
    """Raise ArithmeticError unless all inner products are equal."""
    if len(set(products.values())) > 1:
        raise ArithmeticError(f"inner products differ: {products}")
