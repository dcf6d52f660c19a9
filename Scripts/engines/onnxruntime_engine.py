# /// script
# dependencies = ["onnxruntime", "onnx", "numpy"]
# ///
"""ONNX Runtime on the CPU: a model of one node for each problem, its other operands constant as in a trained model.

The node is a Conv, ConvInteger or QLinearConv, and for the gradient with respect to the input a ConvTranspose.
VALID and SAME reach the engine as `auto_pad`, to test its own rule; the argument --explicit-pads gives it the pads.
"""

import sys
from functools import lru_cache

from convcheck_engine import Capabilities, Problem, Unsupported, output_padding, serve

import numpy as np
import onnxruntime
import onnxruntime.capi.onnxruntime_pybind11_state as status
from onnx import helper, numpy_helper

# What ONNX defines and ONNX Runtime takes for a mistake of its caller, by its words; and how it says that memory lacks.
KINDS = {"Dilation not supported for AutoPadType": Unsupported, "Non per-tensor quantization": Unsupported}
KINDS["alloc"] = MemoryError


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Conv, or one of its kin for integers."""
    dtypes = problem.dtypes | {"output": problem.answer.dtype}
    zeros = {name: value.astype(dtypes[name]) for name, value in problem.zero_points.items()}
    if problem.scales:
        (x, w, y) = ((problem.scales[name], zeros[name]) for name in ("input", "filter", "output"))
        return run(problem, "QLinearConv", [input, *x, filter, *w, *y, bias], padding(problem))
    if zeros:
        return run(problem, "ConvInteger", [input, filter, zeros["input"], zeros["filter"]], padding(problem))
    return run(problem, "Conv", [input, filter, bias], padding(problem))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvTranspose, which is told the size of what it returns by `output_padding`, or for SAME by itself."""
    size, beyond, words = problem.answer.shape[2:], output_padding(problem, output, filter), padding(problem)
    size = {"output_shape": size} if words.get("auto_pad", "VALID") != "VALID" else {"output_padding": beyond}
    return run(problem, "ConvTranspose", [output, filter, bias], words | size)


def padding(problem: Problem) -> dict[str, object]:
    """Say it as the problem does, or by its pads."""
    explicit = problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    return {"pads": problem.pads[::2] + problem.pads[1::2]} if explicit else {"auto_pad": problem.padding}


def run(problem: Problem, kind: str, operands: list[np.ndarray | None], attributes: dict[str, object]) -> np.ndarray:
    """Build the problem's model and run it."""
    names = {f"operand{number}": operand for number, operand in enumerate(operands) if operand is not None}
    sampling = {"strides": problem.strides, "dilations": problem.dilations, "group": problem.groups}
    node = helper.make_node(kind, list(names), ["answer"], **sampling, **attributes)
    first, *constants = names.items()
    source = helper.make_tensor_value_info(first[0], helper.np_dtype_to_tensor_dtype(first[1].dtype), first[1].shape)
    wanted = helper.np_dtype_to_tensor_dtype(np.dtype(problem.answer.dtype))
    result = helper.make_tensor_value_info("answer", wanted, None)
    initializers = [numpy_helper.from_array(value, name) for name, value in constants]
    graph = helper.make_graph([node], "convolution", [source], [result], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    try:
        return _session(model.SerializeToString()).run(["answer"], dict([first]))[0]
    except (status.Fail, status.InvalidArgument, status.RuntimeException) as error:
        raise next((kind for words, kind in KINDS.items() if words in str(error)), type(error))(str(error)) from error


@lru_cache(maxsize=1)
def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4  # its errors reach the report, not the terminal
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


if __name__ == "__main__":
    dtypes = ["float32", "float64", "float16", "int8", "uint8", "int32"]
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=dtypes, quantization=True)
    rejects, functions = (status.Fail, status.InvalidArgument, status.InvalidGraph), {"input_gradient": input_gradient}
    about = ("onnxruntime", onnxruntime.__version__, capabilities)
    serve(convolve, *about, **functions, rejects=rejects, unsupported=(status.NotImplemented,))
