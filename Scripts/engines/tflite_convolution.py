"""A problem as a TensorFlow Lite model: a CONV_2D, a DEPTHWISE_CONV_2D or a TRANSPOSE_CONV.

VALID and SAME_UPPER are words of theirs; other pads are a PAD before. Images are NHWC, filters OHWI.
"""

from convcheck_engine import Problem, Unsupported, output_padding, output_shape

import numpy as np
from ai_edge_litert import schema_py_generated as tfl
from tflite_model import Model, Quantization

PADDINGS = {"SAME_UPPER": tfl.Padding.SAME, "VALID": tfl.Padding.VALID}


def convolution(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> Model:
    """Convolve by a CONV_2D, or where each group is of one channel by a DEPTHWISE_CONV_2D.

    A model has a bias always: zeros, where the problem has none.
    """
    shape = checked_shape(problem, input.shape, filter)
    model, taps = padded(problem, input), quantization(problem, "filter")
    padding, (rows, columns) = PADDINGS.get(problem.padding, tfl.Padding.VALID), problem.strides
    words = {"padding": padding, "strideH": rows, "strideW": columns}
    words |= dict(zip(("dilationHFactor", "dilationWFactor"), problem.dilations, strict=True))
    if problem.groups > 1 and filter.shape[3] == 1:
        kind, options = "DEPTHWISE_CONV_2D", tfl.DepthwiseConv2DOptionsT(**words)
        options.depthMultiplier = len(filter) // problem.groups
        weight = model.constant(turned(filter), taps, axis=3)
    else:
        kind, options, weight = "CONV_2D", tfl.Conv2DOptionsT(**words), model.constant(filter, taps)
    products = taps and (np.zeros(taps[1].shape, np.int64), taps[1] * problem.scales["input"])
    addend = np.zeros(len(filter), np.int32 if taps else np.float32) if bias is None else bias
    operands = [model.last, weight, constant_bias(model, addend, len(filter), products)]
    model.step(kind, options, operands, shape, quantization(problem, "output"))
    return model


def transposed(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> Model:
    """Transpose a convolution by a TRANSPOSE_CONV, which is told the answer's shape."""
    checked_shape(problem, problem.answer.shape, filter)
    output_padding(problem, output, filter)  # refuses what is no gradient of such an input
    if problem.groups > 1 or problem.dilations != (1, 1) or problem.padding not in PADDINGS:
        raise Unsupported("a TRANSPOSE_CONV has neither groups nor dilations, and pads by name only")
    model, shape, (rows, columns) = Model(output), problem.answer.shape, problem.strides
    operands = [model.constant(np.array(shape, np.int32)), model.constant(turned(filter)), 0]
    operands += [] if bias is None else [constant_bias(model, bias, shape[3])]
    options = tfl.TransposeConvOptionsT(padding=PADDINGS[problem.padding], strideH=rows, strideW=columns)
    model.step("TRANSPOSE_CONV", options, operands, shape, None)
    return model


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


def padded(problem: Problem, input: np.ndarray) -> Model:
    """Begin a model with the input, and pad it where a convolution has no word for the problem's padding."""
    given = quantization(problem, "input")
    model = Model(input, given)
    if problem.padding not in PADDINGS and any(problem.pads):
        pads = np.array([[0, 0], problem.pads[:2], problem.pads[2:], [0, 0]], np.int32)
        model.step("PAD", tfl.PadOptionsT(), [0, model.constant(pads)], tuple(input.shape + pads.sum(1)), given)
    return model


def constant_bias(model: Model, bias: np.ndarray, size: int, scales: Quantization = None) -> int:
    """Give it to the model, which takes its size for that of the answer's channels."""
    if bias.shape != (size,):
        raise ValueError("the bias has another size than the answer's channels")
    return model.constant(bias, scales)


def quantization(problem: Problem, name: str) -> Quantization:
    """Say a tensor's zero points and scales, as many of both; None where there are none."""
    if not problem.scales:
        return None
    return np.resize(problem.zero_points[name], problem.scales[name].shape), problem.scales[name]


def turned(filter: np.ndarray) -> np.ndarray:
    """Exchange filters and channels (OHWI to IHWO), as a DEPTHWISE_CONV_2D and a TRANSPOSE_CONV want them."""
    return np.ascontiguousarray(filter.transpose(3, 1, 2, 0))
