"""The SHA-256 that each case carries over all that is stored of it: members and datasets, as canonical bytes."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

NAME = "sha256"  # the member that holds it, and is not part of it
RULE = f"""\
Every case has the member `{NAME}`: the SHA-256, in 64 lower-case hexadecimal digits, of all else that is stored of it.
A reader that checks it takes no damaged case for an engine's failure. The bytes are, for each member that the case has,
but `{NAME}`, in increasing byte order of the names,

    member <name> <type> <count>\\n<values>\\n

where type is `string`, `string[]` (a list of texts), `int64`, `int64[]` (several numbers) or `uint64`, and count the
number of values in decimal; an integer is 8 bytes, little endian, a text its length in bytes of UTF-8 in decimal, \\n,
and those bytes, without the padding. Then, for each dataset, in increasing byte order of the names,

    dataset <name> <type> <shape>\\n<elements>\\n

where type is that of the elements as they are stored (`float64`, `float32`, `float16`, `int64`, `int32`, `int8` or
`uint8`; bfloat16 is stored as float32), shape the sizes in decimal joined by `x`; the elements are in C order, little
endian. `Scripts/golden/vectors/checksum.py` has it in thirty lines.
"""
MEMBER_TYPES = ("int64", "uint64")
DATASET_TYPES = ("float64", "float32", "float16", "int64", "int32", "int8", "uint8")

Members = Mapping[str, object]
Datasets = Mapping[str, NDArray]


def checksum(members: Members, datasets: Datasets) -> str:
    """Return the SHA-256 of a case in hexadecimal, from its members (text or integers) and its datasets by name."""
    digest = sha256()
    for part in canonical_bytes(members, datasets):
        digest.update(part)
    return digest.hexdigest()


def canonical_bytes(members: Members, datasets: Datasets) -> Iterator[bytes]:
    """Yield what is digested, piece by piece, as `RULE` says."""
    for name in sorted(members.keys() - {NAME}, key=str.encode):
        kind, values = typed_values(name, members[name])
        yield f"member {name} {kind} {len(values)}\n".encode()
        yield from values
        yield b"\n"
    for name in sorted(datasets, key=str.encode):
        values = datasets[name]
        if values.dtype.name not in DATASET_TYPES:
            raise ValueError(f"dataset {name} is {values.dtype}, and must be one of {', '.join(DATASET_TYPES)}")
        shape = "x".join(map(str, values.shape))
        yield f"dataset {name} {values.dtype.name} {shape}\n".encode()
        yield np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        yield b"\n"


def typed_values(name: str, value: object) -> tuple[str, list[bytes]]:
    """Return a member's type, as the rule names it, and the bytes of each of its values."""
    if isinstance(value, str | list):
        texts = [text.encode() for text in ([value] if isinstance(value, str) else value)]
        return "string" + "[]" * isinstance(value, list), [b"%d\n%b" % (len(text), text) for text in texts]
    integers = np.asarray(value)
    if integers.dtype.name not in MEMBER_TYPES or (integers.ndim and integers.dtype.name != "int64"):
        raise ValueError(f"member {name} is {integers.dtype} {list(integers.shape)}, and must be text or integers")
    kind = integers.dtype.name + "[]" * (integers.ndim > 0)
    data = integers.astype(integers.dtype.newbyteorder("<")).tobytes()
    return kind, [data[place : place + 8] for place in range(0, len(data), 8)]
