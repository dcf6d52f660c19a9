# /// script
# dependencies = ["scipy", "numpy"]
# ///
"""SciPy: scipy.signal.correlate over channels, rows and columns, for each image and filter.

By plain sums, or with the argument --fft by Fourier spectra. SciPy has neither strides nor dilations, and pads only for
its own `same`: the pads are added by numpy.
"""

import sys

from convcheck_engine import Capabilities, Problem, Unsupported, serve, with_options

import numpy as np
import scipy
from scipy import signal

METHOD = "fft" if "--fft" in sys.argv else "direct"


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Correlate each image with each filter."""
    filters, channels = unstrided(problem, filter)
    top, bottom, left, right = problem.pads
    images = np.pad(input, ((0, 0), (0, 0), (top, bottom), (left, right)))
    if input.shape[1] != channels * problem.groups or (bias is not None and bias.shape != (filters,)):
        raise ValueError("the channels of the input, the filters or the bias disagree")
    places = [filter_ // (filters // problem.groups) * channels for filter_ in range(filters)]
    planes = [
        signal.correlate(image[first : first + channels], taps, mode="valid", method=METHOD)[0]
        for image in images
        for first, taps in zip(places, filter, strict=True)
    ]
    if not planes:
        raise Unsupported("there is nothing to call SciPy with")
    output = np.reshape(planes, (len(images), filters, *planes[0].shape))
    return output if bias is None else output + bias[:, None, None]


def unstrided(problem: Problem, filter: np.ndarray) -> tuple[int, int]:
    """Say how many filters there are, of how many channels."""
    if problem.strides != (1, 1) and min(problem.strides) > 0:
        raise Unsupported("SciPy has no strides")
    if min(problem.strides) < 1 or problem.groups < 1 or len(filter) % problem.groups:
        raise ValueError("strides of 0, or groups that do not divide")
    return filter.shape[:2]


if __name__ == "__main__":
    capabilities = Capabilities(
        ["NCHW"], ["OIHW"], dtypes=["float32", "float64"], dilations=False, algorithm=METHOD, negative_pads=False
    )
    serve(convolve, with_options("scipy"), scipy.__version__, capabilities, rejects=(ValueError,))
