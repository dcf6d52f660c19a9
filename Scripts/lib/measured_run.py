"""Runs a program to its end, and says what it used."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """What one finished process, with those that it started, used."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float
    output: str


def run(arguments: list[str], environment: dict[str, str] | None = None) -> Run:
    """Run a program; end this one where it fails."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        process = subprocess.Popen(arguments, stdout=output, cwd=ROOT, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"benchmark: exit status {code} of: {shlex.join(arguments)}")
        output.seek(0)
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read())
