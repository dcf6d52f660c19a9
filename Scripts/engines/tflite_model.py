"""A TensorFlow Lite model, written tensor by tensor and step by step: what litert_engine.py has LiteRT read.

It needs the packages `ai-edge-litert`, whose schema it goes by, and `flatbuffers`.
"""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tfl

TYPES = {"float32": tfl.TensorType.FLOAT32, "int8": tfl.TensorType.INT8, "int32": tfl.TensorType.INT32}
# Zero points and scales.
Quantization = tuple[np.ndarray, np.ndarray] | None


class Model:
    """Tensors, of which the first is given, and steps, of which the last one answers.

    The steps are LiteRT's own operators with their options, such as CONV_2D with Conv2DOptionsT.
    """

    def __init__(self, given: np.ndarray, quantization: Quantization = None) -> None:
        """Begin with the tensor that is given, tensor 0."""
        self.graph, self.given = tfl.SubGraphT(tensors=[], operators=[], inputs=[0]), given
        self.model = tfl.ModelT(version=3, operatorCodes=[], subgraphs=[self.graph], buffers=[tfl.BufferT()])
        self.last = self.tensor(str(given.dtype), quantization, given.shape)

    def tensor(self, dtype: str, quantization: Quantization, shape: tuple[int, ...] = (), axis: int = 0) -> int:
        """Add a tensor, and return its place; `axis` is that along which scales differ."""
        tensor = tfl.TensorT(shape=shape, type=TYPES[dtype])
        if quantization:
            zeros, scales = (numbers.tolist() for numbers in quantization)
            tensor.quantization = tfl.QuantizationParametersT(scale=scales, zeroPoint=zeros, quantizedDimension=axis)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, numbers: np.ndarray, quantization: Quantization = None, axis: int = 0) -> int:
        """Add a tensor of the model's own, as the filter."""
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

    def written(self) -> bytes:
        """Write it as a file of TensorFlow Lite."""
        builder, self.graph.outputs = flatbuffers.Builder(), [self.last]
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
