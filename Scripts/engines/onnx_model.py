"""A problem as an ONNX model of one node, for libraries that read ONNX: onnxruntime_engine.py, opencv_engine.py.

All operands but the first are initializers, constant as in a trained model. It needs the package `onnx`.
"""

import sys

from convcheck_engine import Problem

import numpy as np
from onnx import helper, numpy_helper


def padding(problem: Problem, *, explicit: bool = False) -> dict[str, object]:
    """Say VALID and SAME as `auto_pad`, to test the library's own rule; with the argument --explicit-pads as pads."""
    explicit = explicit or problem.padding == "EXPLICIT" or "--explicit-pads" in sys.argv
    return {"pads": problem.pads[::2] + problem.pads[1::2]} if explicit else {"auto_pad": problem.padding}


def forward(
    problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None
) -> tuple[str, list[np.ndarray | None]]:
    """Say which operator convolves: Conv, or for integers ConvInteger or QLinearConv; and its operands, in its order.

    Zero points come in the types of what they belong to, as ONNX wants them.
    """
    dtypes = problem.dtypes | {"output": problem.answer.dtype}
    zeros = {name: value.astype(dtypes[name]) for name, value in problem.zero_points.items()}
    if problem.scales:
        (x, w, y) = ((problem.scales[name], zeros[name]) for name in ("input", "filter", "output"))
        return "QLinearConv", [input, *x, filter, *w, *y, bias]
    if zeros:
        return "ConvInteger", [input, filter, zeros["input"], zeros["filter"]]
    return "Conv", [input, filter, bias]


def model(problem: Problem, kind: str, operands: list[np.ndarray | None], attributes: dict[str, object]) -> bytes:
    """Write a node of that kind, such as Conv, whose input is `operand0`, and whose output is `answer`.

    Args:
        problem: its strides, dilations and groups become attributes, and its answer's type that of the output.
        kind: the operator, of opset 17.
        operands: in the operator's order, NCHW and OIHW; None where one that may be missing is.
        attributes: those that are not of every convolution, as the padding.

    """
    names = {f"operand{number}": operand for number, operand in enumerate(operands) if operand is not None}
    sampling = {"strides": problem.strides, "dilations": problem.dilations, "group": problem.groups}
    node = helper.make_node(kind, list(names), ["answer"], **sampling, **attributes)
    first, *constants = names.items()
    source = helper.make_tensor_value_info(first[0], helper.np_dtype_to_tensor_dtype(first[1].dtype), first[1].shape)
    wanted = helper.np_dtype_to_tensor_dtype(np.dtype(problem.answer.dtype))
    # OpenCV reads no model that does not say how many axes its output has.
    result = helper.make_tensor_value_info("answer", wanted, ["batch", "filters", "rows", "columns"])
    initializers = [numpy_helper.from_array(value, name) for name, value in constants]
    graph = helper.make_graph([node], "convolution", [source], [result], initializers)
    written = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return written.SerializeToString()
