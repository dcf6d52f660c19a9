"""Suite `examples`: answers published with tf.nn.conv2d and its kin."""

import numpy as np

from golden.case import Case
from golden.geometry import SAME_UPPER, VALID, Geometry
from golden.suite import Suite


def given(values: list) -> np.ndarray:
    return np.array(values, np.float32)


def cases() -> list[Case]:
    return [
        Case(
            "valid-4x4-with-3x3",
            Geometry((1, 4, 4, 1), (3, 3, 1, 1)),
            "Catches a flipped kernel.",
            given=(
                given([[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]]).reshape(1, 4, 4, 1),
                given([[1, 0, 1], [2, 1, 0], [0, 0, 1]]).reshape(3, 3, 1, 1),
                None,
            ),
        )
    ]


SUITE = Suite("examples", "Published examples", "Answers published with tf.nn.conv2d and its kin.", cases)
