"""What the tests of the engines share."""

import os
import shutil
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest
from pipe_runner import ENGINES, Engine

PROJECT = ENGINES.parents[1]
FAKE_CUDA = Path(__file__).with_name("fake_cuda")


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


@pytest.fixture(scope="session")
def cudnn(tmp_path_factory):
    """Give cuDNN's engine, compiled by its script against the CUDA of this folder, which computes on the processor."""
    folder = tmp_path_factory.mktemp("a folder")
    toolkit, copy = folder / "a toolkit", folder / "project" / "Scripts" / "engines" / "native"
    (toolkit / "lib64").mkdir(parents=True)
    (toolkit / "include").symlink_to(FAKE_CUDA)
    library = toolkit / "lib64" / "libcudnn.so"
    words = ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"]
    subprocess.run(["g++", *words, "-I", FAKE_CUDA, FAKE_CUDA / "fake_cuda.cpp", "-o", library], check=True)
    (toolkit / "lib64" / "libcudart.so").symlink_to(library)
    shutil.copytree(ENGINES / "native", copy)
    (folder / "project" / "Sources").symlink_to(PROJECT / "Sources")
    environment = os.environ | {"CUDA_HOME": str(toolkit)}
    done = subprocess.run([copy / "build", "cudnn"], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()
