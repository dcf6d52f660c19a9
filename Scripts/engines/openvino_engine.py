# /// script
# dependencies = ["openvino==2026.4.1", "numpy==2.4.6"]
# ///
"""OpenVINO on the CPU: a model of one Convolution or GroupConvolution for each problem, the filter constant.

VALID and SAME reach it as `auto_pad`, with the argument --explicit-pads as pads; a bias is an Add, which it fuses. The
gradient with respect to the input is a (Group)ConvolutionBackpropData.
"""

import sys

from convcheck_engine import Capabilities, Problem, output_padding, serve

import numpy as np
import openvino as ov
from openvino import opset13 as ops

CORE = ov.Core()
# Its default is what is fastest: bfloat16 where the processor has it.
OPTIONS = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}


def words(problem: Problem) -> dict[str, object]:
    """Say strides, dilations and padding."""
    top, bottom, left, right = problem.pads
    explicit = problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    pads = {"auto_pad": "explicit" if explicit else problem.padding.lower()}
    pads |= {"pads_begin": [top, left], "pads_end": [bottom, right]}
    return pads | {"strides": list(problem.strides), "dilations": list(problem.dilations)}


def grouped(problem: Problem, filter: np.ndarray) -> np.ndarray:
    """Give the groups an axis of their own."""
    return filter.reshape(problem.groups, len(filter) // problem.groups, *filter.shape[1:])


def run(given: np.ndarray, bias: np.ndarray | None, node: ov.Node, source: ov.Node) -> np.ndarray:
    """Compile the node, with its bias, and run it."""
    if bias is not None and bias.shape != (node.output(0).partial_shape[1].get_length(),):
        raise ValueError("an Add takes a bias of any size that it can spread: this one has another than the channels")
    node = node if bias is None else ops.add(node, ops.constant(bias.reshape(1, -1, 1, 1)))
    return CORE.compile_model(ov.Model([node], [source]), "CPU", OPTIONS)([given])[0].copy()


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a Convolution, or a GroupConvolution."""
    source = ops.parameter(input.shape, input.dtype)
    kind = ops.convolution if problem.groups == 1 else ops.group_convolution
    weight = ops.constant(filter if problem.groups == 1 else grouped(problem, filter))
    return run(input, bias, kind(source, weight, **words(problem)), source)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a ConvolutionBackpropData, told the size by `output_padding`."""
    source, beyond = ops.parameter(output.shape, output.dtype), output_padding(problem, output, filter)
    kind = ops.convolution_backprop_data if problem.groups == 1 else ops.group_convolution_backprop_data
    weight = ops.constant(filter if problem.groups == 1 else grouped(problem, filter))
    options = words(problem) | {"auto_pad": "explicit", "output_padding": list(beyond)}
    return run(output, bias, kind(source, weight, **options), source)


if __name__ == "__main__":
    capabilities = Capabilities(["NCHW"], ["OIHW"], dtypes=["float32", "float16"], negative_pads=False)
    rejects, gradients = (RuntimeError, ValueError, ZeroDivisionError), {"input_gradient": input_gradient}
    serve(convolve, "openvino", ov.__version__.split("-")[0], capabilities, **gradients, rejects=rejects)
