"""The engines in C++ over the C ABI: they compile where their library is, and compute the definition."""

import subprocess
from itertools import product

import numpy as np
import pytest
from definition import integers
from pipe_runner import ENGINES, Engine
from submissions import PROGRAM
from test_engine_adapters import INVALID, PROBLEMS, check

NATIVE = ENGINES / "native"
HEADERS = {"onednn": "oneapi/dnnl/dnnl.hpp", "xnnpack": "xnnpack.h"}
VARIANTS = {"onednn": ["", "auto", "plain", "deconvolution"], "xnnpack": [""], "cudnn": ["", "auto"]}


def built(name):
    """The library of the engine; where what it is made of is not installed, the test is skipped with a word."""
    probe = ["g++", "-E", "-x", "c++", "-include", HEADERS[name], "/dev/null"]
    try:
        subprocess.run(probe, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"{HEADERS[name]} is not here: Scripts/conformance --engine {name} installs it")
    done = subprocess.run([NATIVE / "build", name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    return done.stdout.strip()


ENGINE_NAMES = [(name, variant) for name in VARIANTS for variant in VARIANTS[name]]


@pytest.fixture(scope="module", params=ENGINE_NAMES, ids="#".join)
def engine(request):
    name, variant = request.param
    assert PROGRAM.exists(), "convcheck has not been built: swift build"
    library = request.getfixturevalue("cudnn") if name == "cudnn" else built(name)
    with Engine(PROGRAM, "serve", f"lib:{library}" + f"#{variant}" * bool(variant)).greet() as child:
        yield child


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("bias", [None, integers(3, 6)], ids=["plain", "bias"])
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_native_engine_computes_the_definition_in_every_layout(engine, problem, bias, groups):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9 // groups, 6)
    capabilities = engine.hello["capabilities"]
    for layouts in product(capabilities["input_layouts"], capabilities["filter_layouts"]):
        assert check(engine, input, filter, bias, layouts=layouts, groups=groups, **problem)["type"] == "result"


@pytest.mark.parametrize("problem", INVALID.values(), ids=INVALID.keys())
def test_an_invalid_problem_is_rejected_and_a_native_engine_lives_on(engine, problem):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9, 6)
    message = check(engine, **{"input": input, "filter": filter} | problem)
    if message["type"] == "result":  # a kernel beyond the input may give an output without elements
        assert 0 in message["tensors"][0]["shape"]
    else:
        assert message["type"] in ("rejected", "refused")
        assert message["reason"]
    assert check(engine, input, filter)["type"] == "result"


def test_what_onednn_has_no_type_for_is_unsupported_and_never_an_answer():
    operands = {"input": integers(1, 1, 4, 5, 3).astype(np.uint8), "filter": integers(2, 2, 2, 3, 4).astype(np.uint8)}
    answer, zeros = {"name": "output", "dtype": "int32"}, {"input": [0], "filter": [0]}
    words = {"input_layout": "NHWC", "filter_layout": "HWIO", "zero_points": zeros}
    with Engine(PROGRAM, "serve", f"lib:{built('onednn')}").greet() as engine:
        message = engine.ask(operands, answer=answer, **words).message
    assert message["type"] == "unsupported"
    assert "uint8" in message["reason"]


def test_an_engine_that_is_not_there_is_said():
    done = subprocess.run([NATIVE / "build", "nonesuch"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nonesuch" in done.stderr
