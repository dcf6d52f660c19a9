# /// script
# dependencies = ["openvino", "numpy"]
# ///
"""OpenVINO on the CPU: a model of one Convolution or GroupConvolution for each problem, the filter constant.

VALID and SAME reach it as `auto_pad`, with the argument --explicit-pads as pads; a bias is an Add, which it fuses. The
gradient with respect to the input is a (Group)ConvolutionBackpropData.
"""

import sys

from convcheck_engine import Capabilities, Problem, along_channels, output_padding, serve

import numpy as np
import openvino as ov
from openvino import opset13 as ops

CORE = ov.Core()
# Its default is what is fastest: bfloat16 where the processor has it.
OPTIONS = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}


def words(problem: Problem) -> dict[str, object]:
    """Say strides, dilations and padding."""
    explicit = problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    pads = {"auto_pad": "explicit" if explicit else problem.padding.lower()}
    pads |= {"pads_begin": list(problem.pads[::2]), "pads_end": list(problem.pads[1::2])}
    return pads | {"strides": list(problem.strides), "dilations": list(problem.dilations)}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Convolution, or a GroupConvolution."""
    return run(problem, "convolution", [input, filter, bias], words(problem))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvolutionBackpropData, told the size by `output_padding`."""
    beyond = {"auto_pad": "explicit", "output_padding": list(output_padding(problem, output, filter))}
    return run(problem, "convolution_backprop_data", [output, filter, bias], words(problem) | beyond)


def run(problem: Problem, kind: str, operands: list[np.ndarray | None], options: dict[str, object]) -> np.ndarray:
    """Compile a node of that kind, or of its kin for groups, with its bias, and run it."""
    given, filter, bias = operands
    source = ops.parameter(given.shape, given.dtype)
    if problem.groups != 1:  # they have an axis of their own
        filter = filter.reshape(problem.groups, len(filter) // problem.groups, *filter.shape[1:])
        kind = f"group_{kind}"
    node = getattr(ops, kind)(source, ops.constant(filter), **options)
    if bias is not None:
        node = ops.add(node, ops.constant(along_channels(problem, bias, node.output(0).shape)))
    return CORE.compile_model(ov.Model([node], [source]), "CPU", OPTIONS)([given])[0].copy()


if __name__ == "__main__":
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=["float32", "float16"], negative_pads=False)
    rejects, gradients = (RuntimeError, ValueError, ZeroDivisionError), {"input_gradient": input_gradient}
    serve(convolve, "openvino", ov.__version__.split("-")[0], capabilities, **gradients, rejects=rejects)
