"""A convolution in numpy, tap by tap: what every operation adds up products of, as views of NHWC and HWIO arrays."""

from collections.abc import Iterator

from convcheck_engine import Problem

import numpy as np
from numpy_sums import zeros


def padded(problem: Problem, image: np.ndarray) -> np.ndarray:
    """Surround an image (NHWC) with zeros: what padding with the zero point stands for, too."""
    (batch, height, width, channels), (top, bottom, left, right) = image.shape, problem.pads
    larger = zeros(problem, (batch, top + height + bottom, left + width + right, channels))
    larger[:, top : top + height, left : left + width] = image
    return larger


def unpadded(problem: Problem, larger: np.ndarray) -> np.ndarray:
    """Leave the pads of a padded image (NHWC) off again."""
    (_, rows, columns, _), (top, bottom, left, right) = larger.shape, problem.pads
    return larger[:, top : rows - bottom, left : columns - right]


def taps(
    problem: Problem, image: np.ndarray, filter: np.ndarray, output: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Go over each tap of each group: what it sees, its weights, and where the products belong.

    Args:
        problem: strides, dilations and groups.
        image: the padded input, NHWC.
        filter: HWIO, of channels / groups channels.
        output: NHWC.

    Yields:
        Views, to be read or added to: the pixels that the tap sees, [batch, output height, output width, channels of
        the group]; its weights, [channels of the group, filters of the group]; and the outputs that it has a part in,
        [batch, output height, output width, filters of the group].

    """
    (sh, sw), (dh, dw), (out_h, out_w) = problem.strides, problem.dilations, output.shape[1:3]
    kh, kw, depth, filters = filter.shape
    for group, i, j in np.ndindex(problem.groups, kh, kw):
        rows, columns = slice(i * dh, i * dh + out_h * sh, sh), slice(j * dw, j * dw + out_w * sw, sw)
        channels, own = (slice(group * n, (group + 1) * n) for n in (depth, filters // problem.groups))
        yield image[:, rows, columns, channels], filter[i, j, :, own], output[..., own]
