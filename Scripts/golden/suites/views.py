"""Other views of a convolution that publications take: a layer, a product of spectra, a product of matrices, learning.

Each check compares one such view, written here for itself, with the expected output of a case.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from golden.drawing.families import Tensors
from golden.suites.published import demand


def check_layer(tensors: Tensors, expected: NDArray) -> None:
    """Demand that each filter's bias, and no other, is in its map, and that ReLU both keeps and cuts."""
    image, weights, bias = tensors
    without = sum(
        np.pad(image, ((0, 0), (1, 1), (0, 1), (0, 0)))[:, p : p + 5, q : q + 6] @ weights[p, q]
        for p, q in np.ndindex(weights.shape[:2])
    )
    demand(np.array_equal(expected - without, np.broadcast_to(bias, expected.shape)), "one bias for each filter")
    rectified = np.maximum(expected, 0)
    demand(0 < np.count_nonzero(rectified) < rectified.size, "ReLU cuts some values and keeps others")


def check_fourier(tensors: Tensors, expected: NDArray) -> None:
    """Demand that products of spectra, summed over channels, give every shift of a filter as large as its image."""
    image, weights, _ = tensors
    height, width = weights.shape[:2]
    size = (2 * height - 1, 2 * width - 1)
    of_image = np.fft.rfft2(image[0], size, axes=(0, 1))  # [frequency h, frequency w, channels]
    of_filter = np.fft.rfft2(weights, size, axes=(0, 1))  # [frequency h, frequency w, channels, filters]
    product = np.einsum("hwc,hwcf->hwf", of_image, of_filter.conj())
    circular = np.fft.irfft2(product, size, axes=(0, 1))
    shifts = np.roll(circular, (height - 1, width - 1), axis=(0, 1))
    demand(np.array_equal(np.rint(shifts), expected[0]), "the Fourier view")


def check_matrix(tensors: Tensors, expected: NDArray) -> None:
    """Demand that patches [n, oh, ow, kh * kw * cin] times the filter as [kh * kw * cin, cout] is the output."""
    image, weights, _ = tensors
    kh, kw, channels, filters = weights.shape
    windows = sliding_window_view(image, (kh, kw), axis=(1, 2))[:, ::2]  # [n, oh, ow, cin, kh, kw], stride 2 in h
    patches = windows.transpose(0, 1, 2, 4, 5, 3).reshape(*expected.shape[:3], kh * kw * channels)
    demand(np.array_equal(patches @ weights.reshape(-1, filters), expected), "the matrix view")


def prove_learning(image: NDArray, limit: int = 200) -> int:
    """Learn the filter [1, -1] from an image and its edges by gradient descent; return the number of steps.

    The gradient of the squared error with respect to a tap is 2 * sum(error * input under the tap).
    """
    under = np.stack([image[:, :-1], image[:, 1:]]).astype(np.float64)  # [taps, rows, columns]
    edges = under[0] - under[1]
    learnt = np.array([0.3, 0.2])
    for step in range(1, limit + 1):
        error = np.tensordot(learnt, under, 1) - edges
        learnt -= 0.02 * 2 * np.sum(error * under, axis=(1, 2))
        if np.max(np.abs(learnt - [1, -1])) < 1e-3:
            return step
    raise ValueError(f"gradient descent did not learn [1, -1] in {limit} steps, but {learnt.tolist()}")
