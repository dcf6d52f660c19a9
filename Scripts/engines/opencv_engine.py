# /// script
# dependencies = ["opencv-python-headless", "onnx", "numpy"]
# ///
"""OpenCV's dnn module on the CPU: an ONNX model of one Conv for each problem, filter and bias constant.

VALID and SAME reach it as `auto_pad`, with the argument --explicit-pads as pads. Winograd is off, with --winograd it is
on, which OpenCV has for filters of 3 by 3: F(6x6, 3x3). The gradient with respect to the input is a ConvTranspose.
"""

import sys

from convcheck_engine import Capabilities, Problem, Result, Unsupported, output_padding, serve, with_options

import cv2
import numpy as np
from onnx_model import model, padding

WINOGRAD = "--winograd" in sys.argv


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray | Result:
    """Run a Conv."""
    return run(problem, "Conv", [input, filter, bias], padding(problem))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvTranspose, which is told the size by `output_padding`."""
    beyond = {"output_padding": output_padding(problem, output, filter)}
    return run(problem, "ConvTranspose", [output, filter, bias], padding(problem, explicit=True) | beyond)


def run(problem: Problem, kind: str, operands: list[np.ndarray | None], words: dict) -> np.ndarray | Result:
    """Have the problem's model read, and run it."""
    kernel = operands[1].shape[2:]
    written = model(problem, kind, operands, {"kernel_shape": kernel} | words)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(written, np.uint8))
    net.enableWinograd(WINOGRAD)
    net.setInput(operands[0], "operand0")
    result = net.forward()
    if result is None:
        raise Unsupported("OpenCV gives no array")
    if WINOGRAD and kernel == (3, 3) and problem.strides == problem.dilations == (1, 1):
        return Result(result, algorithm="winograd", tile=(6, 6))
    return result


if __name__ == "__main__":
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    about = (with_options("opencv"), cv2.__version__, Capabilities(["NCHW"], ["OIHW"]))
    serve(convolve, *about, input_gradient=input_gradient, rejects=(cv2.error,))
