# /// script
# dependencies = ["openvino==2026.4.1", "numpy==2.4.6"]
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


def weight(problem: Problem, filter: np.ndarray) -> ov.Node:
    """Make the filter a constant, in which groups have an axis of their own."""
    grouped = (problem.groups, len(filter) // problem.groups, *filter.shape[1:])
    return ops.constant(filter if problem.groups == 1 else filter.reshape(grouped))


def run(problem: Problem, given: np.ndarray, bias: np.ndarray | None, node: ov.Node, source: ov.Node) -> np.ndarray:
    """Compile the node, with its bias, and run it."""
    if bias is not None:
        node = ops.add(node, ops.constant(along_channels(problem, bias, node.output(0).shape)))
    return CORE.compile_model(ov.Model([node], [source]), "CPU", OPTIONS)([given])[0].copy()


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Convolution, or a GroupConvolution."""
    source = ops.parameter(input.shape, input.dtype)
    kind = ops.convolution if problem.groups == 1 else ops.group_convolution
    return run(problem, input, bias, kind(source, weight(problem, filter), **words(problem)), source)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvolutionBackpropData, told the size by `output_padding`."""
    source, beyond = ops.parameter(output.shape, output.dtype), output_padding(problem, output, filter)
    kind = ops.convolution_backprop_data if problem.groups == 1 else ops.group_convolution_backprop_data
    options = words(problem) | {"auto_pad": "explicit", "output_padding": list(beyond)}
    return run(problem, output, bias, kind(source, weight(problem, filter), **options), source)


if __name__ == "__main__":
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=["float32", "float16"], negative_pads=False)
    rejects, gradients = (RuntimeError, ValueError, ZeroDivisionError), {"input_gradient": input_gradient}
    serve(convolve, "openvino", ov.__version__.split("-")[0], capabilities, **gradients, rejects=rejects)
