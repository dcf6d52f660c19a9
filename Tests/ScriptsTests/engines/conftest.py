"""What the tests of the engines share."""

import sys
import textwrap

import pytest
from pipe_runner import ENGINES, Engine


@pytest.fixture
def engine(tmp_path):
    """Start an engine whose `convolve` has the given body; `before` it other functions may stand."""
    started = []

    def start(body, before="", arguments='"probe", "1.0"', python=None):
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
        started.append(Engine(python or sys.executable, path))
        return started[-1]

    yield start
    for child in started:
        child.__exit__()
