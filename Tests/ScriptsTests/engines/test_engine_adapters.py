"""The adapters on the real libraries: right answers where they answer, and an honest word where they do not."""

import json
import os
import re
import sys
from itertools import product

import numpy as np
import pytest
from definition import as_nhwc, convolution, integers, laid_out
from pipe_runner import ENGINES, Engine

NAMES = ["numpy", "onnxruntime", "pytorch"]


def python_of(name):
    """The interpreter that has the engine's library: Scripts/test installs it and names it in the environment."""
    if name == "numpy":
        return sys.executable
    variable = f"CONVCHECK_{name.upper()}_PYTHON"
    return os.environ.get(variable) or pytest.skip(f"{variable} names no Python that has {name}: run Scripts/test")


@pytest.fixture(scope="module", params=NAMES)
def engine(request):
    with Engine(python_of(request.param), ENGINES / f"{request.param}_engine.py").greet() as child:
        yield child


@pytest.fixture(scope="module")
def onnxruntime_with_explicit_pads():
    with Engine(python_of("onnxruntime"), ENGINES / "onnxruntime_engine.py", "--explicit-pads").greet() as child:
        yield child


def check(engine, input, filter, bias=None, layouts=None, **problem):
    """Run an NHWC and HWIO problem in `layouts`, or the engine's preferred ones; return the reply.

    Where the engine answers with an output, it is the definition's.
    """
    capabilities = engine.hello["capabilities"]
    layout, filter_layout = layouts or (capabilities["input_layouts"][0], capabilities["filter_layouts"][0])
    named = {"input_layout": layout, "filter_layout": filter_layout}
    reply = engine.run(laid_out(input, layout), laid_out(filter, filter_layout), bias, **problem, **named)
    if reply.output is not None:
        problem.pop("padding", None)
        assert reply.output.dtype == np.float32
        np.testing.assert_array_equal(as_nhwc(reply.output, layout), convolution(input, filter, bias, **problem))
    return reply.message


PROBLEMS = {
    "dense": {},
    "strides": {"strides": [2, 3]},
    "dilations": {"dilations": [2, 3]},
    "four different pads": {"padding": "EXPLICIT", "pads": [3, 0, 1, 2]},
    "equal pads": {"padding": "EXPLICIT", "pads": [2, 2, 1, 1]},
    "everything": {"strides": [3, 2], "dilations": [1, 2], "padding": "EXPLICIT", "pads": [0, 1, 4, 2]},
    # 11 x 10 under a 2 x 3 filter.
    "same upper": {"padding": "SAME_UPPER", "pads": [0, 1, 1, 1]},
    "same lower": {"padding": "SAME_LOWER", "pads": [1, 0, 1, 1]},
    "same upper, strides": {"padding": "SAME_UPPER", "pads": [0, 1, 0, 1], "strides": [2, 2]},
    "same lower, strides": {"padding": "SAME_LOWER", "pads": [1, 0, 1, 0], "strides": [2, 2]},
}


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("bias", [None, integers(3, 6)], ids=["plain", "bias"])
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_an_adapter_computes_the_definition(engine, problem, bias, groups):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9 // groups, 6)
    assert check(engine, input, filter, bias, groups=groups, **problem)["type"] == "result"


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_every_declared_layout_is_computed(engine, problem):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 3, 6)
    capabilities = engine.hello["capabilities"]
    for layouts in product(capabilities["input_layouts"], capabilities["filter_layouts"]):
        assert check(engine, input, filter, layouts=layouts, groups=3, **problem)["type"] == "result"


def test_each_problem_gets_its_own_filter_and_bias(engine):
    input = integers(1, 1, 5, 5, 2)
    for seed in (4, 5, 4):
        assert check(engine, input, integers(seed, 3, 3, 2, 2), integers(seed, 2))["type"] == "result"


def test_an_empty_batch_is_computed(engine):
    assert check(engine, integers(1, 0, 5, 5, 2), integers(2, 3, 3, 2, 2))["type"] == "result"


INVALID = {
    "groups 0": {"groups": 0},
    "stride 0": {"strides": [1, 0]},
    "negative stride": {"strides": [-1, 1]},
    "dilation 0": {"dilations": [0, 1]},
    "channels not divisible by groups": {"groups": 2},
    "filters not divisible by groups": {"groups": 3, "filter": integers(2, 2, 3, 3, 5)},
    "channels disagree": {"filter": integers(2, 2, 3, 4, 6)},
    "bias of the wrong length": {"bias": integers(3, 5)},
    "kernel larger than the input": {"filter": integers(2, 12, 3, 9, 6)},
    "dilated kernel larger than the input": {"dilations": [1, 5]},
}


@pytest.mark.parametrize("problem", INVALID.values(), ids=INVALID.keys())
def test_an_invalid_problem_is_rejected_and_the_engine_lives_on(engine, problem):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9, 6)
    message = check(engine, **{"input": input, "filter": filter} | problem)
    assert message["type"] == "rejected"
    assert message["reason"]
    assert check(engine, input, filter)["type"] == "result"


DILATED_SAME = {"padding": "SAME_UPPER", "pads": [1, 1, 3, 3], "dilations": [2, 3]}


def test_onnxruntime_says_that_it_does_not_take_auto_pad_with_dilations():
    with Engine(python_of("onnxruntime"), ENGINES / "onnxruntime_engine.py").greet() as child:
        message = check(child, integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9, 6), **DILATED_SAME)
        assert message["type"] == "unsupported"
        assert "Dilation not supported for AutoPadType" in message["reason"]


@pytest.mark.parametrize("problem", [DILATED_SAME, *PROBLEMS.values()], ids=["dilated same", *PROBLEMS.keys()])
def test_onnxruntime_with_explicit_pads_computes_the_definition(onnxruntime_with_explicit_pads, problem):
    input, filter = integers(1, 2, 11, 10, 9), integers(2, 2, 3, 9, 6)
    assert check(onnxruntime_with_explicit_pads, input, filter, **problem)["type"] == "result"


# What adapters are written with, and a program of its own.
OTHERS = {"convcheck_engine", "submission_host"}
MODULES = sorted(path.stem for path in ENGINES.glob("*.py") if path.stem not in OTHERS)


@pytest.mark.parametrize("name", MODULES)
def test_an_adapter_is_short_enough_to_read_at_once_and_so_is_each_module_beside_it(name):
    limit = 60 if name.endswith("_engine") else 100
    assert len((ENGINES / f"{name}.py").read_text().splitlines()) < limit


def test_the_versions_of_all_libraries_stand_in_one_file():
    lines = (ENGINES / "versions.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    headers = [re.search("^# dependencies = (.*)$", path.read_text(), re.M) for path in ENGINES.glob("*_engine.py")]
    libraries = {library for header in headers if header for library in json.loads(header[1])}
    assert libraries == {*pins}


@pytest.mark.parametrize("bias", [None, integers(3, 6)], ids=["plain", "bias"])
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_the_example_without_the_module_works_as_it_stands_in_the_readme(problem, bias, tmp_path):
    section = (ENGINES / "README.md").read_text().split("\n## A program in any language\n")[1]
    example = tmp_path / "example.py"
    example.write_text(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1])
    assert len(re.findall(r"^.+$", example.read_text(), re.MULTILINE)) <= 22
    with Engine(sys.executable, example).greet() as child:
        assert check(child, integers(1, 2, 11, 10, 3), integers(2, 2, 3, 3, 6), bias, **problem)["type"] == "result"
        assert child.end() == 0
