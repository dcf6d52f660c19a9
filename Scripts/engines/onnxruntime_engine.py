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
from onnx_model import forward, model, padding

# What ONNX defines and ONNX Runtime takes for a mistake of its caller, by its words; and how it says that memory lacks.
MEANINGS = {"Dilation not supported for AutoPadType": Unsupported, "Non per-tensor quantization": Unsupported}
MEANINGS["alloc"] = Refused


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Conv, or one of its kin for integers."""
    kind, operands = forward(problem, input, filter, bias)
    return run(problem, kind, operands, padding(problem))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvTranspose, which is told the size of what it returns by `output_padding`, or for SAME by itself."""
    size, beyond, words = problem.answer.shape[2:], output_padding(problem, output, filter), padding(problem)
    size = {"output_shape": size} if words.get("auto_pad", "VALID") != "VALID" else {"output_padding": beyond}
    return run(problem, "ConvTranspose", [output, filter, bias], words | size)


@lru_cache(maxsize=1)
def session(written: bytes) -> onnxruntime.InferenceSession:
    """Have a model read."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4  # its errors reach the report, not the terminal
    return onnxruntime.InferenceSession(written, options, providers=["CPUExecutionProvider"])


def run(problem: Problem, kind: str, operands: list[np.ndarray | None], words: dict[str, object]) -> np.ndarray:
    """Have the problem's model read, unless it is the last one, and run it."""
    written = model(problem, kind, operands, words)
    return session(written).run(["answer"], {"operand0": operands[0]})[0]


if __name__ == "__main__":
    dtypes = ["float32", "float64", "float16", "int8", "uint8", "int32"]
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=dtypes, quantization=True)
    blaming = (status.Fail, status.InvalidArgument, status.InvalidGraph)
    kinds = {"rejects": blaming, "unsupported": (status.NotImplemented,), "meanings": MEANINGS}
    serve(convolve, "onnxruntime", onnxruntime.__version__, capabilities, input_gradient=input_gradient, **kinds)
