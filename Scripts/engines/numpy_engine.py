# /// script
# dependencies = ["numpy"]
# [tool.convcheck]
# debian = ["python3-numpy"]
# ///
"""An engine in numpy alone, by im2col: the example to start an adapter from."""

from convcheck_engine import Problem, Refused, Rejected, serve

import numpy as np


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Gather the patches of each group, and multiply them by its filters as matrices."""
    (sh, sw), (dh, dw), groups = problem.strides, problem.dilations, problem.groups
    kh, kw, depth, filters = filter.shape
    if min(sh, sw, dh, dw, groups, kh, kw) < 1:
        raise Rejected("strides, dilations, groups and the kernel's sizes are at least 1")
    if input.shape[3] != depth * groups or filters % groups or (bias is not None and len(bias) != filters):
        raise Rejected("the channels of input, filter and bias disagree")
    top, bottom, left, right = problem.pads
    extent_h, extent_w = (kh - 1) * dh + 1, (kw - 1) * dw + 1
    missing_h, missing_w = (extent - size for extent, size in zip((extent_h, extent_w), input.shape[1:3], strict=True))
    if missing_h > top + bottom or missing_w > left + right:
        if 0 in input.shape[1:3] and problem.padding.startswith("SAME"):
            return np.empty((len(input), -(-input.shape[1] // sh), -(-input.shape[2] // sw), filters), np.float32)
        raise Rejected("the filter is larger than the padded input")
    try:
        padded = np.pad(input, ((0, 0), (top, bottom), (left, right), (0, 0)))
    except ValueError as error:
        raise Refused(f"the padded input is larger than memory can be: {error}") from error
    windows = np.lib.stride_tricks.sliding_window_view(padded, (extent_h, extent_w), axis=(1, 2))
    patches = windows[:, ::sh, ::sw, :, ::dh, ::dw]  # batch, out height, out width, channels, kernel height and width
    parts = []
    for patch, weights in zip(np.split(patches, groups, axis=3), np.split(filter, groups, axis=3), strict=True):
        columns = patch.transpose(0, 1, 2, 4, 5, 3).reshape(*patch.shape[:3], kh * kw * depth)
        parts.append(columns @ weights.reshape(kh * kw * depth, filters // groups))
    output = np.concatenate(parts, axis=3)
    return output if bias is None else output + bias


if __name__ == "__main__":
    np.seterr(all="ignore")  # overflow and NaN are results like others
    serve(convolve, "numpy", np.__version__)
