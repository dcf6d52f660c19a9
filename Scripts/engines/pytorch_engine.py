# /// script
# dependencies = ["torch", "numpy"]
# [tool.convcheck]
# debian = ["python3-torch"]
# ///
"""PyTorch on the CPU: torch.nn.functional.conv2d. Layouts are views: NHWC with OHWI is torch.channels_last.

Where the two pads of an axis differ, PyTorch has no argument for it: what the larger one has over is padded with
torch.nn.functional.pad, as PyTorch itself does for padding="same", and conv2d pads the rest.
"""

import warnings

from convcheck_engine import Capabilities, Problem, serve

import numpy as np
import torch
import torch.nn.functional as functional

INPUT_VIEWS = {"NCHW": (0, 1, 2, 3), "NHWC": (0, 3, 1, 2)}
FILTER_VIEWS = {"OIHW": (0, 1, 2, 3), "OHWI": (0, 3, 1, 2), "HWIO": (3, 2, 0, 1), "HWOI": (2, 3, 0, 1)}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, with PyTorch's own rule for the padding wherever it has one."""
    image = torch.from_numpy(input).permute(INPUT_VIEWS[problem.input_layout])
    weight = torch.from_numpy(filter).permute(FILTER_VIEWS[problem.filter_layout])
    addend = None if bias is None else torch.from_numpy(bias)
    top, bottom, left, right = problem.pads
    padding = {"VALID": "valid", "SAME_UPPER": "same"}.get(problem.padding)
    try:
        if padding is None or (padding == "same" and problem.strides != (1, 1)):
            padding = (min(top, bottom), min(left, right))
            excess = (left - padding[1], right - padding[1], top - padding[0], bottom - padding[0])
            image = functional.pad(image, excess) if any(excess) else image
        result = functional.conv2d(image, weight, addend, problem.strides, padding, problem.dilations, problem.groups)
    except RuntimeError as error:
        raise (MemoryError(str(error)) if "can't allocate memory" in str(error) else error) from error
    return (result if problem.input_layout == "NCHW" else result.permute(0, 2, 3, 1)).numpy()


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", "Using padding='same'")  # it speaks of cost
    capabilities = Capabilities(tuple(INPUT_VIEWS), tuple(FILTER_VIEWS))
    rejects = (RuntimeError, TypeError, ValueError)
    serve(convolve, "pytorch", torch.__version__, capabilities, rejects=rejects, unsupported=(NotImplementedError,))
