"""The table of a golden file: a row for each case with all that the case says of itself, as a structured array."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

import h5py
import numpy as np
from numpy.typing import NDArray

from golden.vectors import checksum

NAME = "table"
TEXT, TEXTS = "text", "list of texts"
INT64 = np.dtype("<i8")
# In the order in which they are stored. One that no case of the file has is left out.
MEMBERS: dict[str, str | np.dtype] = {
    "name": TEXT,
    "input_shape": np.dtype((INT64, 4)),
    "filter_shape": np.dtype((INT64, 4)),
    "bias_count": INT64,
    "strides": np.dtype((INT64, 2)),
    "dilations": np.dtype((INT64, 2)),
    "padding": TEXT,
    "pads": np.dtype((INT64, 4)),
    "groups": INT64,
    "operation": TEXT,
    "input_type": TEXT,
    "filter_type": TEXT,
    "output_type": TEXT,
    "data": TEXT,
    "expect": TEXT,
    "seed": np.dtype("<u8"),
    "tags": TEXTS,
    "note": TEXT,
    "source": TEXT,
    "choice": TEXT,
    "expected_meaning": TEXT,
    "alternative_meaning": TEXTS,
    "input_bound": INT64,
    "filter_bound": INT64,
    "bias_bound": INT64,
    "output_operand_bound": INT64,
    "input_sha256": TEXT,
    "filter_sha256": TEXT,
    "bias_sha256": TEXT,
    "output_operand_sha256": TEXT,
    "output_sha256": TEXT,
    "stored": TEXT,
    "projection_sha256": TEXT,
    checksum.NAME: TEXT,
}
# What stands in the row of a case that lacks a number; where a text is lacking, an empty one.
ABSENT = {"bias_count": -1, "input_bound": 0, "filter_bound": 0, "bias_bound": 0, "output_operand_bound": 0}
ALWAYS = "tags"  # a list that every case has, be it empty
SEPARATOR = "\n"  # between the entries of a list

Value = str | list[str] | NDArray


def table(cases: Iterable[Mapping[str, object]]) -> NDArray:
    """Return the table of cases, each given as its members by name; raises ValueError for what a row cannot hold."""
    rows = sorted(
        ({name: stored(name, value) for name, value in case.items()} for case in cases), key=itemgetter("name")
    )
    layout = []
    for name, kind in MEMBERS.items():
        lengths = [len(row[name]) for row in rows if name in row and kind in (TEXT, TEXTS)]
        if any(name in row for row in rows):
            layout.append((name, h5py.string_dtype("utf-8", max(1, *lengths)) if lengths else kind))
    made = np.zeros(len(rows), layout)
    for name in made.dtype.names:
        made[name] = [row.get(name, ABSENT.get(name, b"")) for row in rows]
    return made


def stored(name: str, value: object) -> object:
    """Return what stands in a row for a member that its case has: a number, several, or the bytes of a text."""
    kind = MEMBERS[name]
    if kind not in (TEXT, TEXTS):
        number = np.asarray(value)
        if (number.dtype, number.shape) != (kind.base, kind.shape) or (name in ABSENT and number == ABSENT[name]):
            raise ValueError(f"member {name} is {value!r}, and must be {described(kind)} that says something")
        return number
    texts = value if kind == TEXTS else [value]
    forbidden = "\0" + SEPARATOR * (kind == TEXTS)
    for text in texts:
        if not text or any(character in text for character in forbidden):
            raise ValueError(f"member {name} is {value!r}, of which no text may be empty or hold one of {forbidden!r}")
    return SEPARATOR.join(texts).encode()


def members(row: np.void) -> dict[str, Value]:
    """Return the members that a case has, by name, from its row."""
    return {name: value_of(name, row[name]) for name in row.dtype.names if name == ALWAYS or has(name, row[name])}


def has(name: str, value: np.generic | NDArray) -> bool:
    """Return whether what stands in a row says something, and not that the case lacks it."""
    return value != b"" if isinstance(value, bytes) else name not in ABSENT or bool(value != ABSENT[name])


def value_of(name: str, value: np.generic | NDArray) -> Value:
    """Return what stands in a row as the case has it: a text, a list of texts, or numbers."""
    if not isinstance(value, bytes):
        return np.asarray(value)
    text = value.decode("utf-8", "replace")
    return text if MEMBERS.get(name) != TEXTS else text.split(SEPARATOR) if text else []


def described(kind: np.dtype) -> str:
    """Return the type of a member in words; texts of all fixed lengths are alike."""
    words = {"S": "text", "O": "text of variable length"}
    return words.get(kind.kind) or kind.base.name + "".join(f"[{size}]" for size in kind.shape)
