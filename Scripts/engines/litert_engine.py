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

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, output_padding, serve

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tfl
from ai_edge_litert.interpreter import Interpreter, OpResolverType

KERNELS = {"--builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "--reference": OpResolverType.BUILTIN_REF}
TYPES = {"float32": tfl.TensorType.FLOAT32, "int8": tfl.TensorType.INT8, "int32": tfl.TensorType.INT32}
PADDINGS = {"SAME_UPPER": tfl.Padding.SAME, "VALID": tfl.Padding.VALID}
# Zero points and scales.
Quantization = tuple[np.ndarray, np.ndarray] | None


class Model:
    """Tensors, of which the first is given, and steps, of which the last one answers."""

    def __init__(self, given: np.ndarray, quantization: Quantization) -> None:
        """Begin with the tensor that is given."""
        self.graph, self.given = tfl.SubGraphT(tensors=[], operators=[], inputs=[0]), given
        self.model = tfl.ModelT(version=3, operatorCodes=[], subgraphs=[self.graph], buffers=[tfl.BufferT()])
        self.last = self.tensor(str(given.dtype), quantization, given.shape)

    def tensor(self, dtype: str, quantization: Quantization, shape: tuple[int, ...] = (), axis: int = 0) -> int:
        """Add a tensor."""
        tensor = tfl.TensorT(shape=shape, type=TYPES[dtype])
        if quantization:
            zeros, scales = (numbers.tolist() for numbers in quantization)
            tensor.quantization = tfl.QuantizationParametersT(scale=scales, zeroPoint=zeros, quantizedDimension=axis)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, numbers: np.ndarray, quantization: Quantization = None, axis: int = 0) -> int:
        """Add a tensor of the model's own."""
        place = self.tensor(str(numbers.dtype), quantization, numbers.shape, axis)
        self.model.buffers.append(tfl.BufferT(data=np.frombuffer(numbers.tobytes(), np.uint8)))
        self.graph.tensors[place].buffer = len(self.model.buffers) - 1
        return place

    def step(self, name: str, options: object, inputs: list[int], shape: tuple[int, ...], scales: Quantization) -> None:
        """Compute a tensor from others; where its shape were left to LiteRT, no delegate would take it."""
        code, kind = getattr(tfl.BuiltinOperator, name), getattr(tfl.BuiltinOptions, type(options).__name__[:-1])
        self.model.operatorCodes.append(tfl.OperatorCodeT(builtinCode=code, deprecatedBuiltinCode=code))
        self.last = self.tensor(str(self.given.dtype), scales, shape)
        self.graph.operators.append(tfl.OperatorT(len(self.graph.operators), inputs, [self.last], kind, options))

    def run(self) -> np.ndarray:
        """Have it read and run."""
        builder, self.graph.outputs = flatbuffers.Builder(), [self.last]
        builder.Finish(self.model.Pack(builder), b"TFL3")
        kernels = next((KERNELS[word] for word in sys.argv if word in KERNELS), OpResolverType.AUTO)
        words = {"num_threads": 1, "experimental_op_resolver_type": kernels}
        interpreter = Interpreter(model_content=bytes(builder.Output()), **words)
        interpreter.allocate_tensors()
        interpreter.set_tensor(0, self.given)
        interpreter.invoke()
        return interpreter.get_tensor(self.last)


def quantization(problem: Problem, name: str) -> Quantization:
    """Say a tensor's zero points and scales, as many of both."""
    if not problem.scales:
        return None
    return np.resize(problem.zero_points[name], problem.scales[name].shape), problem.scales[name]


def check(problem: Problem, filter: np.ndarray, channels: int, bias: np.ndarray | None, size: int) -> None:
    """Refuse what a model cannot say, and what LiteRT would divide by or take as something else."""
    if {*problem.dtypes.values(), problem.answer.dtype} not in ({"float32"}, {"int8"}):
        raise Unsupported("LiteRT has tensors of one type, and no sums of 8-bit numbers")
    if problem.scales and np.any(problem.zero_points["filter"]):
        raise Unsupported("LiteRT has no zero points of filters")
    if max(*problem.strides, *problem.dilations, *map(abs, problem.pads)) >= 2**31:
        raise Refused("LiteRT's models have numbers of 32 bits")
    if min(*problem.strides, *problem.dilations, problem.groups, *filter.shape) < 1:
        raise ValueError("strides, dilations, groups and filters are 1 or more")
    if filter.shape[3] * problem.groups != channels or len(filter) % problem.groups:
        raise ValueError("LiteRT takes the groups from the channels: here they disagree")
    if bias is not None and bias.shape != (size,):
        raise ValueError("the bias has another size than the answer's channels")


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a CONV_2D or a DEPTHWISE_CONV_2D, after a PAD where it has pads of its own."""
    check(problem, filter, input.shape[3], bias, len(filter))
    given, taps = quantization(problem, "input"), quantization(problem, "filter")
    model, spread = Model(input, given), np.reshape(problem.pads, (2, 2)).sum(1)
    windows = input.shape[1:3] + spread - np.subtract(filter.shape[1:3], 1) * problem.dilations - 1
    sizes = windows // problem.strides + 1
    if min(windows) < 0:
        raise ValueError("the kernel is larger than the padded image")
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
    tensors = [model.last, weight, model.constant(addend, products)]
    model.step(kind, options, tensors, (len(input), *sizes, len(filter)), quantization(problem, "output"))
    return model.run()


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a TRANSPOSE_CONV, which is told the shape."""
    check(problem, filter, problem.answer.shape[3], bias, problem.answer.shape[3])
    output_padding(problem, output, filter)  # refuses what is no gradient of such an input
    if problem.groups > 1 or problem.dilations != (1, 1) or problem.padding not in PADDINGS:
        raise Unsupported("a TRANSPOSE_CONV has neither groups nor dilations, and pads by name only")
    model, turned = Model(output, None), np.ascontiguousarray(filter.transpose(3, 1, 2, 0))
    tensors = [model.constant(np.array(problem.answer.shape, np.int32)), model.constant(turned), 0]
    tensors += [] if bias is None else [model.constant(bias)]
    words = dict(zip(("strideH", "strideW"), problem.strides, strict=True))
    options = tfl.TransposeConvOptionsT(padding=PADDINGS[problem.padding], **words)
    model.step("TRANSPOSE_CONV", options, tensors, problem.answer.shape, None)
    return model.run()


if __name__ == "__main__":
    name = "litert" + "".join(word.replace("--", "-") for word in sys.argv[1:])
    capabilities = Capabilities(["NHWC"], ["OHWI"], dtypes=["float32", "int8"], quantization=True)
    rejects = (ValueError, RuntimeError)
    serve(convolve, name, version("ai-edge-litert"), capabilities, input_gradient=input_gradient, rejects=rejects)
