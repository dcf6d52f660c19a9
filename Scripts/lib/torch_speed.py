"""Time PyTorch's float64 convolutions of the layers on standard input, a JSON object a line, on one thread.

Prints a line for each: the seconds of processor time of a second call. Exit status 3, with a word, where there is no
PyTorch, or where its BLAS is none that a comparison with means anything.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import NoReturn

FAST = ("openblas", "mkl", "blis", "accelerate")


def stop(word: str) -> NoReturn:
    """Say why nothing is measured."""
    print(word, file=sys.stderr)
    raise SystemExit(3)


def main() -> None:
    """Measure."""
    try:
        import torch
    except ImportError:
        stop("this Python has no PyTorch")
    torch.set_num_threads(1)
    maps = Path("/proc/self/maps")
    loaded = maps.read_text().lower() if maps.exists() else torch.__config__.show().lower()
    if not any(name in loaded for name in FAST):
        stop("this PyTorch multiplies by a reference BLAS, 10 to 20 times slower than others: install libopenblas0")
    for line in sys.stdin:
        layer = json.loads(line)
        sizes = layer["filters"], layer["channels"], layer["kernel"], layer["kernel"]
        data = torch.rand(1, layer["channels"], layer["size"], layer["size"], dtype=torch.float64) - 0.5
        filters = torch.rand(*sizes, dtype=torch.float64) - 0.5
        seconds = 0.0
        for _ in range(2):
            start = time.process_time()
            torch.nn.functional.conv2d(data, filters, stride=layer["stride"], padding=layer["kernel"] // 2)
            seconds = time.process_time() - start
        print(seconds)


if __name__ == "__main__":
    main()
