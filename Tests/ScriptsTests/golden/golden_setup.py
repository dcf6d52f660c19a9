"""Where things are: the script and the two Pythons it has to run under; and how to read a table that it wrote."""

import os
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "Scripts" / "generate_golden.py"
DEBIAN_PYTHON = Path("/usr/bin/python3")
MODERN_PYTHON = Path(os.environ.get("MODERN_PYTHON", ROOT / ".venv" / "modern" / "bin" / "python"))


LISTS = ("tags", "alternative_meaning")
COUNTS = {"bias_count": -1, **dict.fromkeys(("input_bound", "filter_bound", "bias_bound", "output_operand_bound"), 0)}


def rows(file: h5py.File) -> dict[str, dict[str, str | list[str] | np.ndarray]]:
    """What the table says of each case, by the case's name, read as the page says and without what a case lacks."""
    found = {}
    for row in file["table"][...]:
        case = {}
        for name, value in zip(row.dtype.names, row.tolist(), strict=True):
            if isinstance(value, bytes) and value:
                text = value.decode()
                case[name] = text.split("\n") if name in LISTS else text
            elif not isinstance(value, bytes) and (name not in COUNTS or value != COUNTS[name]):
                case[name] = row[name]
        found[case["name"]] = case
    return found
