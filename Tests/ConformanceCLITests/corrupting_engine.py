"""An engine that spoils nearly every answer, each in another way; how many there were before is the size of a file.

    corrupting_engine.py FILE

Every fourth answer is what it should be: an error, in good words.
"""

import json
import sys
import time
from pathlib import Path

source, sink = sys.stdin.buffer, sys.stdout.buffer


def main() -> None:
    """Greet, and answer."""
    counter = Path(sys.argv[1])
    source.readline()
    say({"type": "hello", "protocol": 1, "engine": {"name": "corrupting", "version": "1"}})
    for line in source:
        request = json.loads(line)
        shapes = [tensor["shape"] for tensor in request["tensors"]]
        for shape in shapes:
            source.read(4 * count(shape))
        number = counter.stat().st_size
        with counter.open("ab") as file:
            file.write(b".")
        if number % 4 == 3:
            say({"type": "error", "id": request["id"], "message": "too tired"})
        else:
            way = number // 4 * 3 + number % 4
            spoil(way, request["id"], shapes[0])


def count(shape: list[int]) -> int:
    """Count elements."""
    product = 1
    for extent in shape:
        product *= extent
    return product


HUGE = 1 << 62
SPOILED_HEADERS = (
    {"shape": [0, HUGE, HUGE, 1]},
    {"shape": [HUGE] * 4},
    {"shape": [-1, 1, 1, 1]},
    {"shape": list(range(9000))},
    {"dtype": "x" * 60000},
    {"name": "\x1b[31m\u202e"},
)


def spoil(way: int, number: int, shape: list[int]) -> None:
    """Answer in one of the ways."""
    header = {"name": "output", "dtype": "float32", "shape": shape}
    raw = bytes(4 * count(shape))
    good = {"type": "result", "id": number, "tensors": [header]}
    lines = [
        *({**good, "id": other} for other in (number + 1, -number, 1.5, 1 << 70, None, True)),
        *({**good, "type": other} for other in ("results", 7)),
        *({**good, "tensors": other} for other in (None, [header, header])),
        *({**good, "tensors": [{**header, **other}]} for other in SPOILED_HEADERS),
        {**good, "algorithm": "winograd", "tile": [1024, 1]},
        {**good, "algorithm": "fft"},
        {**good, "tile": [1 << 62, 0]},
        {**good, "implementation": "\x1b[2J" * 900},
        {"type": "unsupported", "id": number, "reason": "\u202e\x00" * 300},
        {"type": "rejected", "id": number, "reason": ""},
        {"type": "refused", "id": number},
        {"type": "error", "id": number, "message": {"deep": 1}},
        {"type": "hello", "protocol": 1},
        {"type": "result"},
        [],
        None,
    ]
    text = json.dumps(good).encode()
    whole = text + b"\n" + raw
    streams = [
        *(b"", b"\n", b"\0" * 100 + b"\n", b"[" * 60000 + b"\n", b"x" * 70000),
        *(text, text + b"\r\n" + raw, text[:-9] + b"\n" + raw, whole * 2, whole + b"more", b"\xef\xbb\xbf" + whole),
        *(text.replace(b'"shape": [', b'"shape": [' + other) + b"\n" + raw for other in (b"NaN, ", b"1e999, ")),
        text.replace(b'"', b"'") + b"\n" + raw,
        text.replace(b"float32", b"\xff\xfe") + b"\n" + raw,
        text.decode().encode("utf-16") + b"\n\0" + raw,
        b'{"id":1,"id":2,' + text[1:] + b"\n" + raw,
        *(text + b"\n" + element * count(shape) for element in (b"\xff\xff\xff\x7f", b"\1\0\0\0")),
    ]
    way %= len(lines) + len(streams) + 2
    if way < len(lines):
        return say(lines[way], raw)
    if way < len(lines) + len(streams):
        sink.write(streams[way - len(lines)])
        sink.flush()
        sys.exit(0)  # of an unfinished message, too, there is an end
    middle = len(text) // 2
    sink.write(text[:middle])
    sink.flush()
    time.sleep(0.05 if way % 2 else 60)
    sink.write(text[middle:] + b"\n" + raw)
    return sink.flush()


def say(message: object, raw: bytes = b"") -> None:
    """Write a message."""
    sink.write(json.dumps(message).encode() + b"\n" + raw)
    sink.flush()


if __name__ == "__main__":
    main()
