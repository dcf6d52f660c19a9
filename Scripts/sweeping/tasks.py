"""What a worker does: one call of convcheck, whose files come back as bytes.

Scheduler and workers are sent the function by value, so that they need none of this project's scripts: only a convcheck
at the path that the task names, and what the engine needs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

# convcheck's exit statuses with which a task has been done: all as expected, a failure, nothing to execute.
DONE = (0, 1, 4)
# Of what a failed program wrote.
MOST_CHARACTERS = 4000


class UnreachableError(Exception):
    """There is no scheduler at an address."""


class LostError(Exception):
    """A task ended every worker that tried it."""


@dataclass(frozen=True)
class Task:
    """A part of the work, named so that no other has its name."""

    name: str
    command: tuple[str, ...]
    # Options of convcheck that take a path, and the names of the files that they write.
    files: tuple[tuple[str, str], ...]
    folder: str


@dataclass(frozen=True)
class Result:
    """What a task came to."""

    name: str
    status: int
    # By name; one that was not written is not there.
    files: dict[str, bytes] = field(repr=False)
    output: str = field(repr=False)
    error: str = field(repr=False)
    # Host and process of the worker.
    worker: str = ""

    @property
    def is_done(self) -> bool:
        """Whether convcheck came to its end."""
        return self.status in DONE


def end_with_parent() -> None:
    """Let the kernel end this process with the worker that started it (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def perform(name: str, command: Sequence[str], files: Sequence[tuple[str, str]], folder: str) -> dict[str, object]:
    """Run a task's command to its end; of plain values, since a worker has no other: the fields of a result."""
    with tempfile.TemporaryDirectory(prefix="convcheck-sweep-") as place:
        paths = {file: Path(place) / file for _, file in files}
        words = [*command, *(word for option, file in files for word in (option, str(paths[file])))]
        done = subprocess.run(
            words,
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=end_with_parent,
        )
        written = {file: path.read_bytes() for file, path in paths.items() if path.is_file()}
    return {
        "name": name,
        "status": done.returncode,
        "files": written,
        "output": done.stdout,
        "error": done.stderr[-MOST_CHARACTERS:],
        "worker": f"{os.uname().nodename}:{os.getpid()}",
    }
