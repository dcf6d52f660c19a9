"""Where things are: the script, the two Pythons it has to run under, and the folders that it filled."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "Scripts" / "generate_golden.py"
DEBIAN_PYTHON = Path("/usr/bin/python3")
MODERN_PYTHON = Path(os.environ.get("MODERN_PYTHON", ROOT / ".venv" / "modern" / "bin" / "python"))


@dataclass(frozen=True)
class Generated:
    """Folders that the script filled: twice under Debian's Python, once under a current one."""

    debian: Path
    again: Path
    modern: Path
