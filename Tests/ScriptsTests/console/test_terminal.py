"""What convcheck prints on a terminal: lines fit it and break between words; in a pipe they are never broken."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
CONVCHECK = PROJECT / ".build" / "debug" / "convcheck"
COMMANDS = {
    "run": ["run", "--engine", "direct,im2col", "--suite", "examples", "--suite", "invalid"],
    "list": ["list", "--suite", "examples"],
    "show": ["show", "grid/b2-c3-f5-k3x2-s2x1-valid-int"],
    "engines": ["engines"],
    "selftest": ["selftest", "--suite", "examples", "--products", "500", "--fault", "*bias*", "--fault", "tf32-*"],
    "help": ["run", "--help"],
}


def on_terminal(arguments, columns):
    """Run convcheck on a terminal so wide, and return the lines as they stand there in the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {"NO_COLOR": "1"}
    with subprocess.Popen([CONVCHECK, *arguments], cwd=PROJECT, stdin=slave, stdout=slave, env=environment) as child:
        os.close(slave)
        read = b""
        while chunk := read_some(master):
            read += chunk
        child.wait(timeout=300)
    os.close(master)
    # The progress is written over and over: what stands behind the last return and erasure remains.
    lines = read.decode().replace("\r\n", "\n").split("\n")
    return [line.split("\x1b[K")[-1].split("\r")[-1] for line in lines]


def read_some(master):
    """Read what there is; nothing where all who write have closed the terminal."""
    try:
        return os.read(master, 65536)
    except OSError:
        return b""


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS.keys())
def test_lines_fit_the_terminal(arguments, columns):
    lines = on_terminal(arguments, columns)
    assert len(lines) > 3
    for line in lines:
        # A word may be longer than the terminal, but stands alone then.
        assert len(line) <= columns or " " not in line.strip(), line


def test_in_a_pipe_lines_are_whole():
    listed = subprocess.run(
        [CONVCHECK, *COMMANDS["list"]], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=300
    )
    assert max(map(len, listed.stdout.splitlines())) > 120
    assert all(line.startswith("examples/") and " input " in line for line in listed.stdout.splitlines())


def test_the_words_of_both_are_the_same():
    piped = subprocess.run(
        [CONVCHECK, *COMMANDS["show"]], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=300
    )
    assert " ".join(on_terminal(COMMANDS["show"], 60)).split() == piped.stdout.split()
