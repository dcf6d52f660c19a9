"""The engine's side of convcheck's protocol, version 1 (see README.md): an adapter is one function and one call.

    from convcheck_engine import Capabilities, Unsupported, serve  # before the library under test

    import mylibrary

    def convolve(problem, input, filter, bias):
        if max(problem.dilations) > 8:
            raise Unsupported("mylibrary dilates by at most 8")
        return mylibrary.conv2d(input, filter, bias, strides=problem.strides, pads=problem.pads)

    if __name__ == "__main__":
        serve(convolve, "mylibrary", mylibrary.__version__, Capabilities(groups=False))

Other element types are declared (`Capabilities(dtypes=["float32", "float16"])`); the gradients are a function each.

Importing this module takes the pipes to the runner away from descriptors 0 and 1: from then on whatever prints to
standard output, in Python or in C, prints to standard error. Hence the import comes before that of the library.
"""

from __future__ import annotations

import dataclasses
import faulthandler
import json
import math
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

PROTOCOL = 1
# How the elements of each type lie on the pipe; numpy has no bfloat16, which is the upper half of a float32.
DTYPES = {"float64": "<f8", "float32": "<f4", "float16": "<f2", "bfloat16": "<u2"}
DTYPES |= {"int8": "<i1", "uint8": "<u1", "int32": "<i4"}
# The operands of each operation and its answer; a bias may be missing.
OPERATIONS = {
    "forward": (("input", "filter", "bias"), "output"),
    "input-gradient": (("output", "filter", "bias"), "input"),
    "filter-gradient": (("input", "output"), "filter"),
    "bias-gradient": (("output",), "bias"),
}
INPUT_LAYOUTS = ("NHWC", "NCHW")
FILTER_LAYOUTS = ("HWIO", "OIHW", "OHWI", "HWOI")
PADDINGS = ("VALID", "SAME_UPPER", "SAME_LOWER", "EXPLICIT")
ALGORITHMS = ("direct", "transform", "winograd", "fft")
ARITHMETICS = ("float32", "tf32", "bfloat16", "float16", "float64")
LONGEST_LINE = 1 << 16  # bytes
LARGEST_TILE = 1024
MOST_INTEGER_BITS = 31
LONGEST_REASON = 4000  # characters, so that a library's outpourings fit into a line however they are escaped


class Unsupported(Exception):  # noqa: N818 - it is an answer, named as the protocol names it
    """Raised by an engine's function: the problem is valid, but this engine cannot compute it."""


class Rejected(Exception):  # noqa: N818
    """Raised by an engine's function: it refuses the problem as invalid."""


class Refused(Exception):  # noqa: N818
    """Raised by an engine's function: it declines, for lack of memory or as a number is too large for its integers.

    Whether the problem or the engine is the cause is left open. MemoryError and OverflowError mean the same.
    """


class ProtocolError(Exception):
    """The runner sent what version 1 does not allow; nothing after it can be trusted."""


@dataclass(frozen=True)
class Answer:
    """What the runner wants to be given."""

    name: str = "output"
    """What it is to the convolution: output; input, filter or bias for their gradients."""
    dtype: str = "float32"
    """Its element type; a bfloat16 answer may be a float32 array of bfloat16 values."""
    shape: tuple[int, ...] | None = None
    """In the layout that is wanted, for a gradient; None for an output, whose shape follows from the problem."""


@dataclass(frozen=True)
class Problem:
    """What to compute, as the runner sent it: an invalid problem arrives here too, for the engine to refuse.

    Strides, dilations, padding, pads and groups are those of the forward convolution, whatever the operation.
    """

    strides: tuple[int, int]
    """Height, width."""
    dilations: tuple[int, int]
    """Height, width; 1 is a dense filter."""
    padding: str
    """VALID, SAME_UPPER, SAME_LOWER or EXPLICIT."""
    pads: tuple[int, int, int, int]
    """Top, bottom, left, right: resolved for SAME too."""
    groups: int
    input_layout: str
    """NHWC or NCHW: of the input and of the output, whichever of them is given and whichever is wanted."""
    filter_layout: str
    """HWIO, OIHW, OHWI or HWOI, where I is channels / groups."""
    operation: str = "forward"
    """forward, input-gradient (the transposed convolution too), filter-gradient or bias-gradient."""
    answer: Answer = Answer()
    dtypes: dict[str, str] = field(default_factory=dict, compare=False)
    """The element type of each operand by its name: what a float32 array of bfloat16 values is told by."""
    zero_points: dict[str, np.ndarray] = field(default_factory=dict, compare=False)
    """int32, of input and filter, and of a quantized output: one number, or for the filter one for each filter."""
    scales: dict[str, np.ndarray] = field(default_factory=dict, compare=False)
    """float32, of input, filter and output, in a quantized problem; counts as for the zero points."""

    @property
    def dtype(self) -> str:
        """The element type of the first operand; in floating point, of all operands and the answer."""
        return next(iter(self.dtypes.values()), "float32")


@dataclass(frozen=True)
class Capabilities:
    """What an engine takes and how it computes; the runner sends nothing outside of it."""

    input_layouts: Sequence[str] = ("NHWC",)
    filter_layouts: Sequence[str] = ("HWIO",)
    groups: bool | str = True
    """"inferred": it is not told the number of groups, but takes it from the channels of input and filter."""
    strides: bool = True
    """Whether it takes strides above 1."""
    dilations: bool = True
    asymmetric_pads: bool = True
    negative_pads: bool = False
    """Whether a negative pad crops the input."""
    bias: bool = True
    algorithm: str = "direct"
    """direct: adds input x filter products, in any order; winograd; fft; transform: another of their kin."""
    tile: Sequence[int] | None = None
    """Output rows and columns of a tile of winograd: (4, 4) for F(4x4, 3x3)."""
    arithmetic: str = "float32"
    """What factors or sums are rounded to: float32, tf32, bfloat16, float16 or float64.

    It holds for float32 and for 16-bit operands, whose sums are rounded once more, to the type of the answer.
    """
    dtypes: Sequence[str] = ("float32",)
    """Element types out of float64, float32, float16, bfloat16, int8, uint8 and, of integer sums, int32."""
    quantization: bool = False
    """Whether it takes scales, and answers in int8 or uint8."""
    integer_bits: int = 31
    """Of how many bits, beside the sign, its sums of 8-bit numbers may be: 24 where they are added up in float32."""

    def __post_init__(self) -> None:
        """Refuse, as the engine starts, what the runner would not understand."""
        lists = {"input_layouts": INPUT_LAYOUTS, "filter_layouts": FILTER_LAYOUTS, "dtypes": tuple(DTYPES)}
        for name, known in lists.items():
            declared = getattr(self, name)
            if isinstance(declared, str) or not declared or not set(declared) <= set(known):
                raise ValueError(f"capability {name} is {declared!r}, expected a list out of {', '.join(known)}")
        for name in ("groups", "strides", "dilations", "asymmetric_pads", "negative_pads", "bias", "quantization"):
            declared, words = getattr(self, name), ("inferred",) if name == "groups" else ()
            if type(declared) is not bool and declared not in words:
                raise ValueError(f"capability {name} is {declared!r}, expected {', '.join(('True', 'False', *words))}")
        if type(self.integer_bits) is not int or not 1 <= self.integer_bits <= MOST_INTEGER_BITS:
            raise ValueError(f"capability integer_bits is {self.integer_bits!r}, expected 1 to {MOST_INTEGER_BITS}")
        _check_words("capability ", self.algorithm, self.arithmetic)
        _check_tile("capability ", self.tile)


@dataclass(frozen=True)
class Result:
    """An answer with how it was computed, for an engine that chooses by the problem: returned instead of the array.

    What is None is as the capabilities declare.
    """

    output: np.ndarray
    """The answer, whatever the operation."""
    algorithm: str | None = None
    tile: Sequence[int] | None = None
    arithmetic: str | None = None
    implementation: str | None = None
    """The name of the kernel or primitive, for reports."""

    def __post_init__(self) -> None:
        """Refuse what the runner would not understand."""
        _check_words("", self.algorithm or "direct", self.arithmetic or "float32")
        _check_tile("", self.tile)

    @property
    def said(self) -> dict[str, object]:
        """What crosses the pipe of it, beside the answer."""
        fields = {name: getattr(self, name) for name in ("algorithm", "tile", "arithmetic", "implementation")}
        return {name: value for name, value in fields.items() if value is not None}


def round_to_bfloat16(array: np.ndarray) -> np.ndarray:
    """Round a float32 array to the nearest bfloat16 values, halves to even, and return them as float32."""
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    # What is added carries into the upper half where the lower one is more than half, or half beneath an odd number.
    rounded = (bits.astype(np.uint64) + 0x7FFF + ((bits >> 16) & 1)).astype(np.uint32) & np.uint32(0xFFFF0000)
    return np.where(np.isnan(array), np.float32(np.nan), rounded.view(np.float32))


def output_shape(problem: Problem, input: Sequence[int], filter: Sequence[int]) -> tuple[int, ...]:
    """Say the shape of the forward convolution's output in the input's layout, from those of input and filter.

    Raises:
        Rejected: where there is no such convolution. SAME on an image without rows or columns has an empty output.

    """
    image = dict(zip(problem.input_layout, input, strict=True))
    kernel = dict(zip(problem.filter_layout, filter, strict=True))
    strides, dilations = dict(zip("HW", problem.strides, strict=True)), dict(zip("HW", problem.dilations, strict=True))
    pads = {"H": sum(problem.pads[:2]), "W": sum(problem.pads[2:])}
    if min(*problem.strides, *problem.dilations, kernel["H"], kernel["W"], problem.groups) < 1:
        raise Rejected("strides, dilations, groups and the kernel's sizes are at least 1")
    if image["C"] != kernel["I"] * problem.groups or kernel["O"] % problem.groups:
        raise Rejected("the channels of input and filter disagree")
    beyond = {axis: image[axis] + pads[axis] - (kernel[axis] - 1) * dilations[axis] - 1 for axis in "HW"}
    sizes = {axis: size // strides[axis] + 1 for axis, size in beyond.items()}
    if min(sizes.values()) < 1 and not (problem.padding.startswith("SAME") and 0 in (image["H"], image["W"])):
        raise Rejected("the filter is larger than the padded input")
    return tuple(({"N": image["N"], "C": kernel["O"]} | sizes)[axis] for axis in problem.input_layout)


def answer_shape(problem: Problem, *operands: np.ndarray | None) -> tuple[int, ...]:
    """Say the answer's shape in its layout, for any operation: for a library that takes all sizes on trust.

    Args:
        problem: what to compute.
        operands: what the operation's function is given, in that order; None for a bias that there is not.

    Raises:
        Rejected: where there is no such convolution, or the sizes of operands and answer do not fit each other.

    """
    names, wanted = OPERATIONS[problem.operation]
    shapes = {name: array.shape for name, array in zip(names, operands, strict=True) if array is not None}
    if wanted != "output":
        shapes[wanted] = problem.answer.shape
    if wanted != "bias":
        expected = output_shape(problem, shapes["input"], shapes["filter"])
        if shapes.setdefault("output", expected) != expected:
            raise Rejected(f"the output has shape {shapes['output']}, expected {expected}")
    channels = shapes["input" if wanted == "input" else "output"][problem.input_layout.index("C")]
    if shapes.get("bias", (channels,)) != (channels,):
        raise Rejected(f"the bias has shape {shapes['bias']}, expected one number for each of {channels} channels")
    return shapes[wanted]


def symmetric_pads(problem: Problem) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
    """Divide the pads for a library that has one number for both sides of an axis, and what is left for another means.

    Returns:
        The pads that both sides have, (rows, columns), and what the larger one has over: (top, bottom, left, right),
        of which one of each axis is 0.

    """
    top, bottom, left, right = problem.pads
    rows, columns = min(top, bottom), min(left, right)
    return (rows, columns), (top - rows, bottom - rows, left - columns, right - columns)


def along_channels(problem: Problem, bias: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Shape a bias so that a sum spreads it along the channels of an answer of that shape: for a library without one.

    Raises:
        Rejected: where it is not of one number for each channel; a sum would spread a single number, too.

    """
    channels = problem.input_layout.index("C")
    if bias.shape != (shape[channels],):
        raise Rejected(f"the bias has shape {bias.shape}, expected one number for each of {shape[channels]} channels")
    return bias.reshape([-1 if axis == channels else 1 for axis in range(4)])


def check_added_bias(problem: Problem, bias: np.ndarray | None, library: str) -> None:
    """Say that a library whose convolution has no bias cannot add one in float16 and bfloat16.

    There the sums are rounded to 16 bits before it is added, and rounded again: not the answer that is wanted.

    Raises:
        Unsupported: where there is a bias, and the answer is of 16 bits.

    """
    if bias is not None and problem.answer.dtype in ("float16", "bfloat16"):
        raise Unsupported(f"{library}'s convolution has no bias: it would be added to sums that are rounded already")


def with_options(name: str) -> str:
    """Name an engine after the options that it was started with, too: `ncnn --fast` is ncnn-fast."""
    return name + "".join(option.replace("--", "-") for option in sys.argv[1:])


def output_padding(problem: Problem, output: np.ndarray, filter: np.ndarray) -> tuple[int, int]:
    """Say how many rows and columns of the padded input lie beyond the last window, in a problem of input-gradient.

    It is what the transposed convolutions of libraries are told the size by, and always less than a stride.

    Raises:
        Rejected: where the convolution of an input of the wanted shape has an output of another shape than `output`.

    """
    images, filters = problem.input_layout.index, problem.filter_layout.index
    wanted, given, kernel = problem.answer.shape, output.shape, filter.shape
    pads = {"H": sum(problem.pads[:2]), "W": sum(problem.pads[2:])}
    padding = []
    for axis, stride, dilation in zip("HW", problem.strides, problem.dilations, strict=True):
        windows = (given[images(axis)] - 1) * stride + (kernel[filters(axis)] - 1) * dilation + 1
        padding.append(wanted[images(axis)] + pads[axis] - windows)
    counts = (wanted[0], wanted[images("C")]), (given[0], kernel[filters("I")] * problem.groups)
    fits = all(0 <= rest < max(stride, 1) for rest, stride in zip(padding, problem.strides, strict=True))
    if not fits or counts[0] != counts[1]:
        raise Rejected(f"no convolution of shape {wanted} has an output of shape {given}")
    return padding[0], padding[1]


Convolve = Callable[[Problem, np.ndarray, np.ndarray, "np.ndarray | None"], "np.ndarray | Result"]
FilterGradient = Callable[[Problem, np.ndarray, np.ndarray], "np.ndarray | Result"]
BiasGradient = Callable[[Problem, np.ndarray], "np.ndarray | Result"]
Exceptions = tuple[type[BaseException], ...]
Meanings = Mapping[str, type[BaseException]]


def serve(
    convolve: Convolve | None,
    name: str,
    version: str = "",
    capabilities: Capabilities | None = None,
    *,
    input_gradient: Convolve | None = None,
    filter_gradient: FilterGradient | None = None,
    bias_gradient: BiasGradient | None = None,
    rejects: Exceptions = (),
    unsupported: Exceptions = (),
    meanings: Meanings | None = None,
    configuration: Mapping[str, str | float | bool] | None = None,
) -> None:
    """Answer the runner's problems with these functions until the runner closes the pipe.

    To give a function is to declare its operation. Each returns the array that `problem.answer` describes, or a
    `Result` with it, and may raise `Unsupported`, `Rejected` or `Refused`, as which MemoryError and OverflowError count
    too; any other exception is reported as the engine's error, and its traceback printed once to standard error.

    Args:
        convolve: takes the problem, the input, the filter and the bias (or None), in the layouts that the problem
            names, and returns the output in the input's layout. None for an engine of gradients alone.
        input_gradient: takes the problem, the gradient with respect to the output, the filter and the bias (or None;
            one number for each channel), and returns the gradient with respect to the input.
        filter_gradient: takes the problem, the input and the gradient with respect to the output, and returns that
            with respect to the filter.
        bias_gradient: takes the problem and the gradient with respect to the output, and returns that with respect to
            the bias.
        name: the engine's name in reports.
        version: the version of the library under test.
        capabilities: what the engine takes and how it computes; the defaults of `Capabilities` if None.
        rejects: the library's own exceptions that blame the problem, as `Rejected` does.
        unsupported: those that say that it cannot compute a valid one, as `Unsupported` does; looked at first.
        meanings: what an exception means by its words, for a library that has one for everything: words of its message,
            and one of `Unsupported`, `Rejected` and `Refused`, as which it counts whatever its type.
        configuration: how the engine is set up, for reports: {"threads": 1, "backend": "avx2"}.

    """
    if os.isatty(_FROM_RUNNER.fileno()):
        sys.exit(f"{name}: an engine, to be started by: convcheck run --engine 'cmd:{' '.join(sys.orig_argv)}'")
    capabilities = capabilities or Capabilities()
    functions = dict(zip(OPERATIONS, (convolve, input_gradient, filter_gradient, bias_gradient), strict=True))
    functions = {operation: function for operation, function in functions.items() if function is not None}
    kinds = {"unsupported": (Unsupported, *unsupported), "refused": (Refused, MemoryError, OverflowError)}
    kinds["rejected"] = (Rejected, *rejects)
    if not functions:
        raise ValueError(f"{name} was given no function, expected one of {', '.join(OPERATIONS)}")
    try:
        hello = _read_message()
        if hello is None:
            return
        _expect(hello.get("type") == "hello", f"the first message is {hello}, expected a hello")
        _expect(hello.get("protocol") == PROTOCOL, f"protocol is {hello.get('protocol')!r}, expected {PROTOCOL}")
        engine = {"name": name, "version": str(version)}
        if configuration:
            engine["configuration"] = dict(configuration)
        declared, usual = dataclasses.asdict(capabilities), dataclasses.asdict(Capabilities())
        declared = {name: value for name, value in declared.items() if value != usual[name]}
        if list(functions) != ["forward"]:
            declared["operations"] = list(functions)
        _send({"type": "hello", "protocol": PROTOCOL, "engine": engine, "capabilities": declared})
        while (message := _read_message()) is not None:
            _answer(message, functions, capabilities, lambda error: _kind(error, kinds, meanings or {}))
    except ProtocolError as error:
        sys.exit(f"{name}: the runner broke the protocol: {error}")
    except BrokenPipeError:
        os._exit(1)  # The runner is gone: nobody is left to tell.


def _answer(
    message: dict[str, object],
    functions: dict[str, Callable[..., np.ndarray | Result]],
    capabilities: Capabilities,
    kind_of: Callable[[BaseException], str | None],
) -> None:
    _expect(message.get("type") == "run", f"a message of type {message.get('type')!r}, expected run")
    number = message.get("id")
    _expect(type(number) is int, f"id is {number!r}, expected an integer")
    problem = _problem(message, capabilities, tuple(functions))
    operands = _read_tensors(message.get("tensors"), problem, capabilities)
    function = functions[problem.operation]
    try:
        returned = function(problem, *operands)
    except BaseException as error:
        kind = kind_of(error)
        if kind:
            return _decline(kind, number, error)
        if isinstance(error, Exception):
            return _send_error(number, error)
        raise
    try:
        result = returned if isinstance(returned, Result) else Result(returned)
        answer = _as_sent(result.output, problem.answer.dtype, getattr(function, "__name__", "the engine"))
    except MemoryError as reason:
        return _decline("refused", number, reason)
    except Exception as error:  # the adapter's, whatever exceptions of its library mean
        return _send_error(number, error)
    described = {"name": problem.answer.name, "dtype": problem.answer.dtype, "shape": answer.shape}
    return _send({"type": "result", "id": number, "tensors": [described], **result.said}, answer)


def _kind(error: BaseException, kinds: dict[str, Exceptions], meanings: Meanings) -> str | None:
    """Say as what an exception is answered, by its words or else its type: None where it is an error."""
    means_itself = isinstance(error, (Unsupported, Rejected, Refused))
    meant = [meaning for words, meaning in meanings.items() if words in str(error) and not means_itself]
    return next((kind for kind, types in kinds.items() if issubclass((*meant, type(error))[0], types)), None)


def _decline(kind: str, number: int, reason: BaseException) -> None:
    words = str(reason) or type(reason).__name__
    _send({"type": kind, "id": number, "reason": words[:LONGEST_REASON]})


def _send_error(number: int, error: Exception) -> None:
    """Print a traceback unless it was printed before: what fails tends to fail in many cases."""
    text = "".join(traceback.format_exception(error))
    if text not in _PRINTED:
        _PRINTED.add(text)
        print(text, end="", file=sys.stderr, flush=True)
    _send({"type": "error", "id": number, "message": f"{type(error).__name__}: {error}"[:LONGEST_REASON]})


def _problem(message: dict[str, object], capabilities: Capabilities, operations: Sequence[str]) -> Problem:
    fields, dtypes = message.get("problem"), tuple(capabilities.dtypes)
    optional = {"operation", "zero_points", "scales"}
    names = {item.name for item in dataclasses.fields(Problem)} - optional - {"answer", "dtypes"}
    # Fields of a later runner are passed over: what changes the question is sent only to who declares it.
    known = isinstance(fields, dict) and names <= set(fields)
    _expect(known, f"problem is {fields!r}, expected {sorted(names)}, and perhaps {sorted(optional)}")
    fields = {name: value for name, value in fields.items() if name in names | optional}
    for name, count in {"strides": 2, "dilations": 2, "pads": 4}.items():
        _expect(_are_integers(fields[name], count), f"{name} is {fields[name]!r}, expected {count} integers")
    _expect(type(fields["groups"]) is int, f"groups is {fields['groups']!r}, expected an integer")
    fields = {"operation": "forward"} | fields
    words = {"padding": PADDINGS, "operation": operations}
    words |= {"input_layout": capabilities.input_layouts, "filter_layout": capabilities.filter_layouts}
    for name, among in words.items():
        _expect(fields[name] in among, f"{name} is {fields[name]!r}, expected one of {', '.join(among)}")
    fields["zero_points"] = _numbers_by_role("zero_points", fields.get("zero_points", {}), np.int32)
    fields["scales"] = _numbers_by_role("scales", fields.get("scales", {}), np.float32)
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return Problem(**fields, answer=_answer_wanted(message.get("answer"), fields["operation"], dtypes))


def _answer_wanted(fields: object, operation: str, dtypes: Sequence[str]) -> Answer:
    name, is_gradient = OPERATIONS[operation][1], operation != "forward"
    if fields is None and not is_gradient:
        return Answer()
    names = {"name", "dtype", "shape"} if is_gradient else {"name", "dtype"}
    known = isinstance(fields, dict) and names <= set(fields)
    _expect(known, f"answer is {fields!r}, expected {', '.join(sorted(names))} for {operation}")
    _expect(fields["name"] == name, f"answer is named {fields['name']!r}, expected {name} for {operation}")
    _expect(fields["dtype"] in dtypes, f"answer is of {fields['dtype']!r}, expected one of {', '.join(dtypes)}")
    return Answer(name, fields["dtype"], _sizes("answer", fields["shape"], name) if is_gradient else None)


def _numbers_by_role(name: str, fields: object, dtype: type) -> dict[str, np.ndarray]:
    """Zero points are integers that int8 or uint8 has; scales are finite numbers above 0."""
    whole, roles = dtype is np.int32, ("input", "filter", "output")
    kinds, expected = ((int,), "integers from -128 to 255") if whole else ((int, float), "numbers above 0")
    _expect(isinstance(fields, dict) and set(fields) <= set(roles), f"{name} is {fields!r}, expected lists by role")
    for role, numbers in fields.items():
        listed = isinstance(numbers, list) and numbers and all(type(number) in kinds for number in numbers)
        fits = listed and (-128 <= min(numbers) <= max(numbers) <= 255 if whole else 0 < min(numbers) < math.inf)
        _expect(fits, f"{name} of {role} are {numbers!r}, expected a list of {expected}")
    return {role: np.array(numbers, dtype) for role, numbers in fields.items()}


def _read_tensors(described: object, problem: Problem, capabilities: Capabilities) -> list[np.ndarray | None]:
    """Read the operands, which follow the message's line, into a list with None for a bias that there is not."""
    operands = OPERATIONS[problem.operation][0]
    entries = described if isinstance(described, list) else []
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    some = [name for name in operands if name != "bias" or name in names]
    words = ", ".join(operands).replace(", bias", " and, where there is one, bias")
    _expect(names == some and len(names) == len(entries), f"the tensors are {described!r}, expected {words}")
    arrays: dict[str, np.ndarray] = {}
    for name, entry in zip(names, entries, strict=True):
        dtype, shape = entry.get("dtype"), _sizes(name, entry.get("shape"), name)
        # The bias of a quantized problem is of int32, whether or not the engine answers in it.
        dtypes = ["int32"] if name == "bias" and problem.scales else capabilities.dtypes
        _expect(dtype in dtypes, f"{name} is of {dtype!r}, expected one of {', '.join(dtypes)}")
        arrays[name] = _read_array(name, shape, dtype)
        problem.dtypes[name] = dtype
    return [arrays.get(name) for name in operands]


def _sizes(what: str, shape: object, role: str) -> tuple[int, ...]:
    rank = 1 if role == "bias" else 4
    _expect(_are_integers(shape, rank) and min(shape) >= 0, f"{what} has shape {shape!r}, expected {rank} sizes")
    return tuple(shape)


def _read_array(name: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    try:
        flat = np.empty(math.prod(shape), DTYPES[dtype])
    except (MemoryError, ValueError) as error:
        raise ProtocolError(f"{name} has shape {list(shape)}: {error}") from error
    target = memoryview(flat.view(np.uint8))
    while target:
        count = _FROM_RUNNER.readinto(target)
        _expect(bool(count), f"the input ended {len(target)} bytes before the end of {name}")
        target = target[count:]
    if dtype == "bfloat16":
        flat = (flat.astype("<u4") << 16).view("<f4")
    return flat.reshape(shape)


def _read_message() -> dict[str, object] | None:
    """Read a line of JSON; None at the end of the input."""
    line = _FROM_RUNNER.readline(LONGEST_LINE)
    if not line:
        return None
    _expect(line.endswith(b"\n"), f"the line {line[:80]!r} does not end")
    try:
        message = json.loads(line)
    except ValueError as error:
        raise ProtocolError(f"the line {line[:80]!r} is not JSON: {error}") from error
    _expect(isinstance(message, dict), f"the line {line[:80]!r} is not a JSON object")
    return message


def _send(message: dict[str, object], array: np.ndarray | None = None) -> None:
    parts = [json.dumps(message).encode() + b"\n"]
    if array is not None:
        parts.append(array.reshape(-1).view(np.uint8))
    for part in map(memoryview, parts):
        while part:
            part = part[os.write(_TO_RUNNER, part) :]


def _as_sent(answer: object, dtype: str, function: str) -> np.ndarray:
    """Lay the engine's own numbers out for the pipe: little endian, C order. Nothing is rounded."""
    if not isinstance(answer, np.ndarray):
        raise TypeError(f"{function} returned {type(answer).__name__}, expected numpy.ndarray")
    if dtype == "bfloat16" and answer.dtype.name == "float32":
        return _bfloat16_bits(answer, function)
    if answer.dtype.name != dtype:
        also = " or float32" if dtype == "bfloat16" else ""
        raise TypeError(f"{function} returned an array of {answer.dtype.name}, expected {dtype}{also}")
    answer = answer.view(np.uint16) if dtype == "bfloat16" else answer
    return np.asarray(answer, DTYPES[dtype], order="C")


def _bfloat16_bits(array: np.ndarray, function: str) -> np.ndarray:
    rounded = round_to_bfloat16(array)
    others = np.argwhere((rounded != array) & ~np.isnan(array))
    if len(others):
        place = tuple(others[0])
        raise TypeError(
            f"{function} returned {array[place]} at {[int(index) for index in place]}, which is no bfloat16"
            f" (the nearest is {rounded[place]}); round_to_bfloat16 rounds an array"
        )
    return (np.asarray(rounded, "<f4", order="C").view("<u4") >> 16).astype("<u2")


def _check_words(where: str, algorithm: str, arithmetic: str) -> None:
    words = {"algorithm": (algorithm, ALGORITHMS), "arithmetic": (arithmetic, ARITHMETICS)}
    for name, (word, known) in words.items():
        if word not in known:
            raise ValueError(f"{where}{name} is {word!r}, expected one of {', '.join(known)}")


def _check_tile(where: str, tile: Sequence[int] | None) -> None:
    if tile is None:
        return
    if not isinstance(tile, Sequence) or not _are_integers(list(tile), 2) or min(tile) < 1 or max(tile) > LARGEST_TILE:
        raise ValueError(f"{where}tile is {tile!r}, expected output rows and columns, each from 1 to {LARGEST_TILE}")


def _are_integers(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(type(item) is int for item in value)


def _expect(condition: bool, complaint: str) -> None:
    if not condition:
        raise ProtocolError(complaint)


_PRINTED: set[str] = set()

# Interrupted at the terminal, the engine ends without a word: the runner reports the interruption.
signal.signal(signal.SIGINT, signal.SIG_DFL)
# Where a library crashes, its caller's stack is on standard error.
faulthandler.enable()
_FROM_RUNNER = os.fdopen(os.dup(0), "rb")
_TO_RUNNER = os.dup(1)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)
