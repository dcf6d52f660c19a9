# /// script
# dependencies = ["onnxruntime", "onnx", "numpy"]
# ///
"""ONNX Runtime on the CPU: a model of one Conv node for each problem, filter and bias constant as in a trained model.

VALID and SAME reach the engine as `auto_pad`, to test its own rule; the argument --explicit-pads gives it the pads.
"""

import sys
from functools import lru_cache

from convcheck_engine import Capabilities, Problem, Unsupported, serve

import numpy as np
import onnxruntime
import onnxruntime.capi.onnxruntime_pybind11_state as status
from onnx import TensorProto, helper, numpy_helper


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Build the problem's model and run it."""
    constants = {"filter": filter} if bias is None else {"filter": filter, "bias": bias}
    explicit = problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    padding = {"pads": problem.pads[::2] + problem.pads[1::2]} if explicit else {"auto_pad": problem.padding}
    sampling = {"strides": problem.strides, "dilations": problem.dilations, "group": problem.groups}
    node = helper.make_node("Conv", ["input", *constants], ["output"], **sampling, **padding)
    source = helper.make_tensor_value_info("input", TensorProto.FLOAT, input.shape)
    result = helper.make_tensor_value_info("output", TensorProto.FLOAT, None)
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph([node], "convolution", [source], [result], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    try:
        return _session(model.SerializeToString()).run(["output"], {"input": input})[0]
    except (status.InvalidArgument, status.RuntimeException) as error:
        # ONNX defines SAME with dilations; ONNX Runtime takes the two together for an invalid argument.
        kinds = {"Dilation not supported for AutoPadType": Unsupported, "alloc": MemoryError}
        raise next((kind for words, kind in kinds.items() if words in str(error)), type(error))(str(error)) from error


@lru_cache(maxsize=1)
def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 4  # its errors reach the report, not the terminal
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


if __name__ == "__main__":
    about = ("onnxruntime", onnxruntime.__version__, Capabilities(["NCHW"], ["OIHW"]))
    rejects = (status.Fail, status.InvalidArgument, status.InvalidGraph)
    serve(convolve, *about, rejects=rejects, unsupported=(status.NotImplemented,))
