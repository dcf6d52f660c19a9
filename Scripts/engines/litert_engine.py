# /// script
# dependencies = ["ai-edge-litert", "numpy"]
# ///
"""LiteRT (TensorFlow Lite) on the CPU: a model of one CONV_2D for each problem, filter and bias constant.

By its delegate to XNNPACK, with the argument --builtin by its own kernels, with --reference by its plain ones. VALID
and SAME_UPPER reach it by name, other pads as a PAD before. A depthwise filter makes it a DEPTHWISE_CONV_2D, a gradient
with respect to the input a TRANSPOSE_CONV. Quantized problems in int8, with a scale for each filter.
"""

import sys
from importlib.metadata import version

from convcheck_engine import Capabilities, Problem, serve, with_options

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_convolution import convolution, transposed
from tflite_model import Model

KERNELS = {"--builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "--reference": OpResolverType.BUILTIN_REF}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a CONV_2D or a DEPTHWISE_CONV_2D, after a PAD where it has pads of its own."""
    return run(convolution(problem, input, filter, bias))


def input_gradient(problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run a TRANSPOSE_CONV."""
    return run(transposed(problem, output, filter, bias))


def run(model: Model) -> np.ndarray:
    """Have a model read, and run it."""
    kernels = next((KERNELS[word] for word in sys.argv if word in KERNELS), OpResolverType.AUTO)
    words = {"num_threads": 1, "experimental_op_resolver_type": kernels}
    interpreter = Interpreter(model_content=model.written(), **words)
    interpreter.allocate_tensors()
    interpreter.set_tensor(0, model.given)
    interpreter.invoke()
    return interpreter.get_tensor(model.last)


if __name__ == "__main__":
    capabilities = Capabilities(["NHWC"], ["OHWI"], dtypes=["float32", "int8"], quantization=True)
    about = (with_options("litert"), version("ai-edge-litert"), capabilities)
    serve(convolve, *about, input_gradient=input_gradient, rejects=(ValueError, RuntimeError))
