# /// script
# dependencies = ["opencv-python-headless==5.0.0.93", "onnx==1.23.2", "numpy==2.4.6"]
# ///
"""OpenCV's dnn module on the CPU: an ONNX model of one Conv for each problem, filter and bias constant.

VALID and SAME reach it as `auto_pad`, with the argument --explicit-pads as pads. Winograd is off, with --winograd it is
on, which OpenCV has for filters of 3 by 3: F(6x6, 3x3). The gradient with respect to the input is a ConvTranspose.
"""

import sys

from convcheck_engine import Capabilities, Problem, Result, Unsupported, output_padding, serve

import cv2
import numpy as np
from onnx import helper, numpy_helper

WINOGRAD = "--winograd" in sys.argv


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray | Result:
    """Run a Conv."""
    explicit = problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    pads = {"pads": problem.pads[::2] + problem.pads[1::2]} if explicit else {"auto_pad": problem.padding}
    return run(problem, "Conv", input, filter, bias, pads)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvTranspose, which is told the size by `output_padding`."""
    beyond = output_padding(problem, output, filter)
    pads = {"pads": problem.pads[::2] + problem.pads[1::2], "output_padding": beyond}
    return run(problem, "ConvTranspose", output, filter, bias, pads)


def run(
    problem: Problem, kind: str, first: np.ndarray, filter: np.ndarray, bias: np.ndarray | None, words: dict
) -> np.ndarray | Result:
    """Build the model, have it read, and run it."""
    constants = {"filter": filter} | ({} if bias is None else {"bias": bias})
    sampling = {"strides": problem.strides, "dilations": problem.dilations, "group": problem.groups}
    node = helper.make_node(kind, ["first", *constants], ["answer"], kernel_shape=filter.shape[2:], **sampling, **words)
    value = helper.make_tensor_value_info("first", 1, first.shape)
    initializers = [numpy_helper.from_array(numbers, name) for name, numbers in constants.items()]
    answer = helper.make_tensor_value_info("answer", 1, ["batch", "filters", "rows", "columns"])
    graph = helper.make_graph([node], "convolution", [value], [answer], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))
    net.enableWinograd(WINOGRAD)
    net.setInput(first, "first")
    result = net.forward()
    if result is None:
        raise Unsupported("OpenCV gives no array")
    if WINOGRAD and filter.shape[2:] == (3, 3) and problem.strides == problem.dilations == (1, 1):
        return Result(result, algorithm="winograd", tile=(6, 6))
    return result


if __name__ == "__main__":
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    name = "opencv" + "".join(word.replace("--", "-") for word in sys.argv[1:])
    gradients = {"input_gradient": input_gradient}
    serve(convolve, name, cv2.__version__, Capabilities(["NCHW"], ["OIHW"]), **gradients, rejects=(cv2.error,))
