# /// script
# dependencies = ["ai-edge-litert==2.3.0", "numpy==2.4.6"]
# ///
"""LiteRT (TensorFlow Lite) on the CPU: a model of one CONV_2D for each problem, filter and bias constant.

By its delegate to XNNPACK, with the argument --builtin by its own kernels, with --reference by its plain ones. VALID
and SAME_UPPER reach it by name, other pads as a PAD before. A depthwise filter makes it a DEPTHWISE_CONV_2D, a gradient
with respect to the input a TRANSPOSE_CONV. Quantized problems in int8, with a scale for each filter.
"""

import sys
from importlib.metadata import version

from convcheck_engine import Capabilities, Problem, Unsupported, output_padding, output_shape, serve, with_options

import numpy as np
from ai_edge_litert import schema_py_generated as tfl
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_model import Model, Quantization

KERNELS = {"--builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "--reference": OpResolverType.BUILTIN_REF}
PADDINGS = {"SAME_UPPER": tfl.Padding.SAME, "VALID": tfl.Padding.VALID}


def quantization(problem: Problem, name: str) -> Quantization:
    """Say a tensor's zero points and scales, as many of both."""
    if not problem.scales:
        return None
    return np.resize(problem.zero_points[name], problem.scales[name].shape), problem.scales[name]


def checked_shape(problem: Problem, image: tuple[int, ...], filter: np.ndarray) -> tuple[int, ...]:
    """Refuse what a model cannot say, and what LiteRT would divide by; return the forward output's shape."""
    if {*problem.dtypes.values(), problem.answer.dtype} not in ({"float32"}, {"int8"}):
        raise Unsupported("LiteRT has tensors of one type, and no sums of 8-bit numbers")
    if problem.scales and np.any(problem.zero_points["filter"]):
        raise Unsupported("LiteRT has no zero points of filters")
    if max(*problem.strides, *problem.dilations, *map(abs, problem.pads)) >= 2**31:
        raise OverflowError("LiteRT's models have numbers of 32 bits")
    if min(filter.shape) < 1:
        raise ValueError("LiteRT divides by the sizes of filters: here one is 0")
    return output_shape(problem, image, filter.shape)


def constant_bias(model: Model, bias: np.ndarray, size: int, scales: Quantization = None) -> int:
    """Give it to the model, which takes its size for that of the answer's channels."""
    if bias.shape != (size,):
        raise ValueError("the bias has another size than the answer's channels")
    return model.constant(bias, scales)


def run(model: Model) -> np.ndarray:
    """Have a model read, and run it."""
    kernels = next((KERNELS[word] for word in sys.argv if word in KERNELS), OpResolverType.AUTO)
    words = {"num_threads": 1, "experimental_op_resolver_type": kernels}
    interpreter = Interpreter(model_content=model.written(), **words)
    interpreter.allocate_tensors()
    interpreter.set_tensor(0, model.given)
    interpreter.invoke()
    return interpreter.get_tensor(model.last)


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a CONV_2D or a DEPTHWISE_CONV_2D, after a PAD where it has pads of its own."""
    shape = checked_shape(problem, input.shape, filter)
    given, taps = quantization(problem, "input"), quantization(problem, "filter")
    model = Model(input, given)
    if problem.padding not in PADDINGS and any(problem.pads):
        pads = np.array([[0, 0], problem.pads[:2], problem.pads[2:], [0, 0]], np.int32)
        model.step("PAD", tfl.PadOptionsT(), [0, model.constant(pads)], tuple(input.shape + pads.sum(1)), given)
    padding, (rows, columns) = PADDINGS.get(problem.padding, tfl.Padding.VALID), problem.strides
    words = {"padding": padding, "strideH": rows, "strideW": columns}
    words |= dict(zip(("dilationHFactor", "dilationWFactor"), problem.dilations, strict=True))
    products = taps and (np.zeros(taps[1].shape, np.int64), taps[1] * problem.scales["input"])
    addend = np.zeros(len(filter), np.int32 if taps else np.float32) if bias is None else bias
    if problem.groups > 1 and filter.shape[3] == 1:
        kind, options = "DEPTHWISE_CONV_2D", tfl.DepthwiseConv2DOptionsT(**words)
        options.depthMultiplier = len(filter) // problem.groups
        weight = model.constant(np.ascontiguousarray(filter.transpose(3, 1, 2, 0)), taps, axis=3)
    else:
        kind, options, weight = "CONV_2D", tfl.Conv2DOptionsT(**words), model.constant(filter, taps)
    tensors = [model.last, weight, constant_bias(model, addend, len(filter), products)]
    model.step(kind, options, tensors, shape, quantization(problem, "output"))
    return run(model)


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a TRANSPOSE_CONV, which is told the shape."""
    checked_shape(problem, problem.answer.shape, filter)
    output_padding(problem, output, filter)  # refuses what is no gradient of such an input
    if problem.groups > 1 or problem.dilations != (1, 1) or problem.padding not in PADDINGS:
        raise Unsupported("a TRANSPOSE_CONV has neither groups nor dilations, and pads by name only")
    model, turned = Model(output), np.ascontiguousarray(filter.transpose(3, 1, 2, 0))
    tensors = [model.constant(np.array(problem.answer.shape, np.int32)), model.constant(turned), 0]
    tensors += [] if bias is None else [constant_bias(model, bias, problem.answer.shape[3])]
    words = dict(zip(("strideH", "strideW"), problem.strides, strict=True))
    options = tfl.TransposeConvOptionsT(padding=PADDINGS[problem.padding], **words)
    model.step("TRANSPOSE_CONV", options, tensors, problem.answer.shape, None)
    return run(model)


if __name__ == "__main__":
    capabilities = Capabilities(["NHWC"], ["OHWI"], dtypes=["float32", "int8"], quantization=True)
    about = (with_options("litert"), version("ai-edge-litert"), capabilities)
    serve(convolve, *about, input_gradient=input_gradient, rejects=(ValueError, RuntimeError))
