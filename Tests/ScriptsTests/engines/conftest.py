"""What the tests of the engines share."""

import os
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest
from pipe_runner import ENGINES, Engine


@pytest.fixture
def engine(tmp_path):
    """Start an engine whose `convolve` has the given body; `before` it other functions may stand."""
    started = []

    def start(body, before="", arguments='"probe", "1.0"', python=None, options=()):
        # The lines after the import stand where an adapter imports its library.
        source = f"""
import sys
sys.path.insert(0, {str(ENGINES)!r})
from convcheck_engine import *
import numpy as np
{textwrap.dedent(before)}
def convolve(problem, input, filter, bias):
{textwrap.indent(textwrap.dedent(body), "    ")}
serve(convolve, {arguments})
"""
        path = tmp_path / f"engine{len(started)}.py"
        path.write_text(source)
        started.append(Engine(python or sys.executable, path, *options))
        return started[-1]

    yield start
    for child in started:
        child.__exit__()


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """Give a host of submissions that does not import torch anew each time: its Python, and its program."""
    python = os.environ.get("CONVCHECK_PYTORCH_PYTHON")
    if not python:
        pytest.skip("CONVCHECK_PYTORCH_PYTHON names no Python that has PyTorch: run Scripts/test")
    folder = tmp_path_factory.mktemp("warm")
    script, place = Path(__file__).with_name("warm_host.py"), [folder / "socket", ENGINES / "submission_host.py"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([python, script, *place], **pipes) as server:
        assert server.stdout.readline() == b"ready\n"
        host = folder / "host.py"
        (folder / "problems").symlink_to(ENGINES / "problems")
        call = f"runpy.run_path({str(script)!r}, run_name='__main__')"
        words = ", ".join(repr(str(one)) for one in [script, *place])
        host.write_text(f"import runpy, sys\nsys.argv = [{words}, *sys.argv[1:]]\n{call}\n")
        yield types.SimpleNamespace(python=python, host=host)
        server.stdin.close()
