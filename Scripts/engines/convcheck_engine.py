"""The engine's side of convcheck's protocol, version 1 (see README.md): an adapter is one function and one call.

    from convcheck_engine import Capabilities, Unsupported, serve  # before the library under test

    import mylibrary

    def convolve(problem, input, filter, bias):
        if max(problem.dilations) > 8:
            raise Unsupported("mylibrary dilates by at most 8")
        return mylibrary.conv2d(input, filter, bias, strides=problem.strides, pads=problem.pads)

    if __name__ == "__main__":
        serve(convolve, "mylibrary", mylibrary.__version__, Capabilities(groups=False))

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

PROTOCOL = 1
DTYPE = np.dtype("<f4")  # "float32", the one element type of version 1
INPUT_LAYOUTS = ("NHWC", "NCHW")
FILTER_LAYOUTS = ("HWIO", "OIHW", "OHWI", "HWOI")
PADDINGS = ("VALID", "SAME_UPPER", "SAME_LOWER", "EXPLICIT")
ALGORITHMS = ("direct", "transform", "winograd", "fft")
ARITHMETICS = ("float32", "tf32", "bfloat16", "float16")
LONGEST_LINE = 1 << 16  # bytes
LARGEST_TILE = 16
LONGEST_REASON = 4000  # characters, so that a library's outpourings fit into a line however they are escaped


class Unsupported(Exception):  # noqa: N818 - it is an answer, named as the protocol names it
    """Raised by `convolve`: the problem is valid, but this engine cannot compute it."""


class Rejected(Exception):  # noqa: N818
    """Raised by `convolve`: the engine refuses the problem as invalid."""


class Refused(Exception):  # noqa: N818
    """Raised by `convolve`: the engine declines, for lack of memory or as a number is too large for its integers.

    Whether the problem or the engine is the cause is left open. MemoryError and OverflowError mean the same.
    """


class ProtocolError(Exception):
    """The runner sent what version 1 does not allow; nothing after it can be trusted."""


@dataclass(frozen=True)
class Problem:
    """What to compute, as the runner sent it: an invalid problem arrives here too, for the engine to refuse."""

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
    """NHWC or NCHW: of the input, and of the output that is wanted."""
    filter_layout: str
    """HWIO, OIHW, OHWI or HWOI, where I is channels / groups."""


@dataclass(frozen=True)
class Capabilities:
    """What an engine takes and how it computes; the runner sends nothing outside of it."""

    input_layouts: Sequence[str] = ("NHWC",)
    filter_layouts: Sequence[str] = ("HWIO",)
    groups: bool = True
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
    """What factors or sums are rounded to: float32, tf32, bfloat16 or float16."""

    def __post_init__(self) -> None:
        """Refuse, as the engine starts, what the runner would not understand."""
        for name, known in {"input_layouts": INPUT_LAYOUTS, "filter_layouts": FILTER_LAYOUTS}.items():
            declared = getattr(self, name)
            if isinstance(declared, str) or not declared or not set(declared) <= set(known):
                raise ValueError(f"capability {name} is {declared!r}, expected a list out of {', '.join(known)}")
        _check_words("capability ", self.algorithm, self.arithmetic)
        _check_tile("capability ", self.tile)


@dataclass(frozen=True)
class Result:
    """An output with how it was computed, for an engine that chooses by the problem: returned instead of the array.

    What is None is as the capabilities declare.
    """

    output: np.ndarray
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
        """What crosses the pipe of it, beside the output."""
        fields = {name: getattr(self, name) for name in ("algorithm", "tile", "arithmetic", "implementation")}
        return {name: value for name, value in fields.items() if value is not None}


Convolve = Callable[[Problem, np.ndarray, np.ndarray, "np.ndarray | None"], "np.ndarray | Result"]
Exceptions = tuple[type[BaseException], ...]


def serve(
    convolve: Convolve,
    name: str,
    version: str = "",
    capabilities: Capabilities | None = None,
    *,
    rejects: Exceptions = (),
    unsupported: Exceptions = (),
) -> None:
    """Answer the runner's problems with `convolve` until the runner closes the pipe.

    Args:
        convolve: takes the problem, the input, the filter and the bias (or None), in the layouts that the problem
            names, and returns the output in the input's layout, or a `Result` with it. It may raise `Unsupported`,
            `Rejected` or `Refused`, as which MemoryError and OverflowError count too; any other exception is reported
            as the engine's error, and its traceback printed once to standard error.
        name: the engine's name in reports.
        version: the version of the library under test.
        capabilities: what the engine takes and how it computes; the defaults of `Capabilities` if None.
        rejects: the library's own exceptions that blame the problem, as `Rejected` does.
        unsupported: those that say that it cannot compute a valid one, as `Unsupported` does; looked at first.

    """
    if os.isatty(_FROM_RUNNER.fileno()):
        sys.exit(f"{name}: an engine, to be started by: convcheck run --engine 'cmd:{' '.join(sys.orig_argv)}'")
    capabilities = capabilities or Capabilities()
    try:
        hello = _read_message()
        if hello is None:
            return
        _expect(hello.get("type") == "hello", f"the first message is {hello}, expected a hello")
        _expect(hello.get("protocol") == PROTOCOL, f"protocol is {hello.get('protocol')!r}, expected {PROTOCOL}")
        engine = {"name": name, "version": str(version)}
        declared, usual = dataclasses.asdict(capabilities), dataclasses.asdict(Capabilities())
        declared = {name: value for name, value in declared.items() if value != usual[name]}
        _send({"type": "hello", "protocol": PROTOCOL, "engine": engine, "capabilities": declared})
        while (message := _read_message()) is not None:
            _answer(message, convolve, capabilities, (Rejected, *rejects), (Unsupported, *unsupported))
    except ProtocolError as error:
        sys.exit(f"{name}: the runner broke the protocol: {error}")
    except BrokenPipeError:
        os._exit(1)  # The runner is gone: nobody is left to tell.


def _answer(
    message: dict[str, object],
    convolve: Convolve,
    capabilities: Capabilities,
    rejects: Exceptions,
    unsupported: Exceptions,
) -> None:
    _expect(message.get("type") == "run", f"a message of type {message.get('type')!r}, expected run")
    number = message.get("id")
    _expect(type(number) is int, f"id is {number!r}, expected an integer")
    problem = _problem(message.get("problem"), capabilities)
    tensors = _read_tensors(message.get("tensors"))
    try:
        returned = convolve(problem, *tensors)
        result = returned if isinstance(returned, Result) else Result(returned)
        output = _as_sent(result.output)
    except unsupported as reason:
        _send({"type": "unsupported", "id": number, "reason": str(reason)[:LONGEST_REASON]})
    except (Refused, MemoryError, OverflowError) as reason:
        words = str(reason) or type(reason).__name__
        _send({"type": "refused", "id": number, "reason": words[:LONGEST_REASON]})
    except rejects as reason:
        _send({"type": "rejected", "id": number, "reason": str(reason)[:LONGEST_REASON]})
    except Exception as error:
        _print_once(traceback.format_exc())
        _send({"type": "error", "id": number, "message": f"{type(error).__name__}: {error}"[:LONGEST_REASON]})
    else:
        described = {"name": "output", "dtype": DTYPE.name, "shape": output.shape}
        _send({"type": "result", "id": number, "tensors": [described], **result.said}, output)


def _print_once(text: str) -> None:
    """Print a traceback unless it was printed before: what fails tends to fail in many cases."""
    if text not in _PRINTED:
        _PRINTED.add(text)
        print(text, end="", file=sys.stderr, flush=True)


def _problem(fields: object, capabilities: Capabilities) -> Problem:
    names = {item.name for item in dataclasses.fields(Problem)}
    # A field that is not known here might change what is asked, so none is passed over.
    _expect(isinstance(fields, dict) and set(fields) == names, f"problem is {fields!r}, expected {sorted(names)}")
    for name, count in {"strides": 2, "dilations": 2, "pads": 4}.items():
        _expect(_are_integers(fields[name], count), f"{name} is {fields[name]!r}, expected {count} integers")
    _expect(type(fields["groups"]) is int, f"groups is {fields['groups']!r}, expected an integer")
    layouts = {"input_layout": capabilities.input_layouts, "filter_layout": capabilities.filter_layouts}
    for name, known in {"padding": PADDINGS, **layouts}.items():
        _expect(fields[name] in known, f"{name} is {fields[name]!r}, expected one of {', '.join(known)}")
    return Problem(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})


def _read_tensors(described: object) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Read the input, the filter and, where there is one, the bias, which follow the message's line."""
    entries = described if isinstance(described, list) else []
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    expected = ["input", "filter", "bias"][: max(2, len(entries))]
    _expect(names == expected, f"the tensors are {described!r}, expected input, filter and, where there is one, bias")
    arrays = []
    for name, entry in zip(names, entries, strict=True):
        dtype, shape, rank = entry.get("dtype"), entry.get("shape"), 1 if name == "bias" else 4
        _expect(dtype == DTYPE.name, f"{name} is of {dtype!r}, expected {DTYPE.name}")
        _expect(_are_integers(shape, rank) and min(shape) >= 0, f"{name} has shape {shape!r}, expected {rank} sizes")
        arrays.append(_read_array(name, shape))
    return arrays[0], arrays[1], arrays[2] if len(arrays) == 3 else None


def _read_array(name: str, shape: list[int]) -> np.ndarray:
    try:
        flat = np.empty(math.prod(shape), DTYPE)
    except (MemoryError, ValueError) as error:
        raise ProtocolError(f"{name} has shape {shape}: {error}") from error
    target = memoryview(flat.view(np.uint8))
    while target:
        count = _FROM_RUNNER.readinto(target)
        _expect(bool(count), f"the input ended {len(target)} bytes before the end of {name}")
        target = target[count:]
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


def _as_sent(output: np.ndarray) -> np.ndarray:
    """Lay the engine's own numbers out for the pipe: little endian, C order. Nothing is converted."""
    if not isinstance(output, np.ndarray):
        raise TypeError(f"convolve returned {type(output).__name__}, expected numpy.ndarray")
    if output.dtype.name != DTYPE.name:
        raise TypeError(f"convolve returned an array of {output.dtype.name}, expected {DTYPE.name}")
    return np.ascontiguousarray(output, DTYPE)


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
