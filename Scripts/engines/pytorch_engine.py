# /// script
# dependencies = ["torch", "numpy"]
# [tool.convcheck]
# debian = ["python3-torch"]
# ///
"""PyTorch on the CPU: torch.nn.functional.conv2d.

Where the two pads of an axis differ, PyTorch has no argument for it: what the larger one has over is padded with
torch.nn.functional.pad, as PyTorch itself does for padding="same", and conv2d pads the rest.
"""

import warnings

from convcheck_engine import Capabilities, Problem, Rejected, Unsupported, serve

import numpy as np
import torch
import torch.nn.functional as functional


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Convolve, with PyTorch's own rule for the padding wherever it has one."""
    image, weight = torch.from_numpy(input), torch.from_numpy(filter)
    addend = None if bias is None else torch.from_numpy(bias)
    top, bottom, left, right = problem.pads
    try:
        if problem.padding == "VALID":
            padding = "valid"
        elif problem.padding == "SAME_UPPER" and problem.strides == (1, 1):
            padding = "same"
        else:
            padding = (min(top, bottom), min(left, right))
            excess = (left - padding[1], right - padding[1], top - padding[0], bottom - padding[0])
            image = functional.pad(image, excess) if any(excess) else image
        result = functional.conv2d(image, weight, addend, problem.strides, padding, problem.dilations, problem.groups)
        return result.numpy()
    except NotImplementedError as error:
        raise Unsupported(str(error)) from error
    except (RuntimeError, TypeError, ValueError) as error:
        if "can't allocate memory" in str(error):
            raise
        raise Rejected(str(error)) from error


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "Using padding='same'")  # it speaks of cost
    torch.set_num_threads(1)
    serve(convolve, "pytorch", torch.__version__, Capabilities(input_layouts=["NCHW"], filter_layouts=["OIHW"]))
