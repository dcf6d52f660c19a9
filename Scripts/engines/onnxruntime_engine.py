# /// script
# dependencies = ["onnxruntime", "onnx", "numpy"]
# ///
"""ONNX Runtime on the CPU: a model of one node for each problem, its other operands constant as in a trained model.

The node is a Conv, ConvInteger or QLinearConv, and for the gradient with respect to the input a ConvTranspose.
VALID and SAME reach the engine as `auto_pad`, to test its own rule; the argument --explicit-pads gives it the pads.
"""

from functools import lru_cache

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, output_padding, serve

import numpy as np
import onnxruntime
import onnxruntime.capi.onnxruntime_pybind11_state as status
from onnx_model import model, padding

# What ONNX defines and ONNX Runtime takes for a mistake of its caller, by its words; and how it says that memory lacks.
MEANINGS = {"Dilation not supported for AutoPadType": Unsupported, "Non per-tensor quantization": Unsupported}
MEANINGS["alloc"] = Refused


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Conv, or one of its kin for integers."""
    dtypes = problem.dtypes | {"output": problem.answer.dtype}
    zeros = {name: value.astype(dtypes[name]) for name, value in problem.zero_points.items()}
    if problem.scales:
        (x, w, y) = ((problem.scales[name], zeros[name]) for name in ("input", "filter", "output"))
        return run(model(problem, "QLinearConv", [input, *x, filter, *w, *y, bias], padding(problem)), input)
    operands = [input, filter, zeros["input"], zeros["filter"]] if zeros else [input, filter, bias]
    return run(model(problem, "ConvInteger" if zeros else "Conv", operands, padding(problem)), input)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvTranspose, which is told the size of what it returns by `output_padding`, or for SAME by itself."""
    size, beyond, words = problem.answer.shape[2:], output_padding(problem, output, filter), padding(problem)
    size = {"output_shape": size} if words.get("auto_pad", "VALID") != "VALID" else {"output_padding": beyond}
    return run(model(problem, "ConvTranspose", [output, filter, bias], words | size), output)


@lru_cache(maxsize=1)
def session(written: bytes) -> onnxruntime.InferenceSession:
    """Have a model read."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4  # its errors reach the report, not the terminal
    return onnxruntime.InferenceSession(written, options, providers=["CPUExecutionProvider"])


def run(written: bytes, given: np.ndarray) -> np.ndarray:
    """Run a model."""
    return session(written).run(["answer"], {"operand0": given})[0]


if __name__ == "__main__":
    dtypes = ["float32", "float64", "float16", "int8", "uint8", "int32"]
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=dtypes, quantization=True)
    blaming = (status.Fail, status.InvalidArgument, status.InvalidGraph)
    kinds = {"rejects": blaming, "unsupported": (status.NotImplemented,), "meanings": MEANINGS}
    serve(convolve, "onnxruntime", onnxruntime.__version__, capabilities, input_gradient=input_gradient, **kinds)
