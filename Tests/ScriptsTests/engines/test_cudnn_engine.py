"""The engine of cuDNN without a GPU: on a CUDA that computes on the processor, by cuDNN's own words (fake_cuda).

What it proves is the engine: how it describes tensors, pads, groups and algorithms to cuDNN, and what it makes of its
answers.
"""

import re
import subprocess

import numpy as np
import pytest
from conftest import FAKE_CUDA, PROJECT
from definition import convolution, integers, laid_out
from pipe_runner import ENGINES, Engine
from submissions import PROGRAM, convcheck

NATIVE = ENGINES / "native"
SUITES = ["gradients", "transposed", "float64", "float16", "bfloat16", "tails", "special", "invalid", "degenerate"]
DECLARED = {
    "": {},
    "implicit-precomp-gemm": {},
    "implicit-gemm": {},
    "gemm": {},
    "fft": {"algorithm": "fft"},
    "fft-tiling": {"algorithm": "fft"},
    "winograd": {"algorithm": "winograd"},
    "winograd-nonfused": {"algorithm": "winograd"},
    "auto": {},
    "tensor-cores": {"arithmetic": "tf32"},
}


@pytest.fixture
def serving(cudnn):
    """Start the engine of a name."""
    started = []

    def start(name=""):
        started.append(Engine(PROGRAM, "serve", f"lib:{cudnn}" + f"#{name}" * bool(name)))
        return started[-1].greet()

    yield start
    for child in started:
        child.__exit__()


@pytest.mark.parametrize(("name", "shard"), [("", 1), ("#auto", 3), ("#implicit-gemm", 6)])
def test_the_goldens_pass(cudnn, name, shard):
    chosen = [word for suite in SUITES for word in ("--suite", suite)]
    status, said = convcheck("run", "--engine", f"lib:{cudnn}{name}", *chosen, "--shard", f"{shard}/12")
    assert status == 0, said
    passed, checks = (int(number) for number in re.search(r"passed: (\d+) of (\d+) checks", said).groups())
    assert passed > 150
    assert passed > 0.9 * checks


@pytest.mark.parametrize("name", DECLARED)
def test_each_algorithm_declares_what_it_is(serving, name):
    hello = serving(name).hello
    assert hello["engine"]["name"] == "cudnn" + f"-{name}" * bool(name)
    assert hello["engine"]["version"] == "9.8.5 on sm_86"
    said = {word: hello["capabilities"].get(word) for word in ("algorithm", "arithmetic")}
    assert said == {"algorithm": "direct", "arithmetic": "float32"} | DECLARED[name]


def test_an_algorithm_that_is_not_there_is_said(cudnn):
    status, said = convcheck("run", "--engine", f"lib:{cudnn}#fastest", "--suite", "examples")
    assert status == 3
    assert "no engine 'fastest'" in said


def test_what_an_algorithm_does_not_take_is_unsupported(serving):
    engine, input, filter = serving("winograd"), integers(1, 1, 3, 7, 8), integers(2, 4, 3, 3, 3)
    assert engine.run(input, filter, strides=[2, 1]).message["type"] == "unsupported"
    assert engine.run(input, filter).message["type"] == "result"
    operands, answer = {"input": input, "output": integers(3, 1, 4, 5, 6)}, {"name": "filter", "dtype": "float32"}
    reply = engine.ask(operands, answer=answer | {"shape": [4, 3, 3, 3]}, operation="filter-gradient").message
    assert reply["type"] == "unsupported"
    assert "no such algorithm" in reply["reason"]


def test_the_algorithm_of_cudnn_s_choice_is_told(serving):
    engine, input, filter = serving("auto"), integers(1, 1, 3, 7, 8), integers(2, 4, 3, 3, 3)
    message = engine.run(input, filter).message
    assert (message["algorithm"], message["implementation"]) == ("winograd", "winograd-nonfused")
    message = engine.run(input, filter, strides=[2, 1]).message  # nothing of a winograd is left
    assert (message.get("algorithm", "direct"), message["implementation"]) == ("direct", "gemm")


def test_tensor_cores_are_used_only_where_they_are_asked_for(serving):
    random = np.random.default_rng(5)
    input = random.standard_normal((1, 7, 8, 16)).astype(np.float32)
    filter = random.standard_normal((3, 3, 16, 4)).astype(np.float32)
    exact = convolution(input, filter)
    for name, least, most in (("", 0, 1e-5), ("tensor-cores", 1e-4, 0.1)):
        engine = serving(name)
        output = engine.run(laid_out(input, "NCHW"), laid_out(filter, "OIHW")).output
        assert least < np.abs(output.transpose(0, 2, 3, 1) - exact).max() < most


BYTES = {"input": integers(1, 2, 5, 6, 8).astype(np.int8), "filter": integers(2, 2, 3, 8, 4).astype(np.int8)}


def of_bytes(engine, input=BYTES["input"], filter=BYTES["filter"], zeros=(0, 0), layouts=("NCHW", "OIHW"), **words):
    named = dict(zip(("input_layout", "filter_layout"), layouts, strict=True))
    operands = {"input": laid_out(input, layouts[0]), "filter": laid_out(filter, layouts[1])}
    words |= {"zero_points": {"input": [zeros[0]], "filter": [zeros[1]]}}
    return engine.ask(operands, answer={"name": "output", "dtype": "int32"}, **words, **named)


@pytest.mark.parametrize("layouts", [("NCHW", "OIHW"), ("NHWC", "OHWI"), ("NHWC", "OIHW")])
def test_bytes_are_computed_exactly(serving, layouts):
    words = {"strides": [2, 1], "pads": [1, 0, 0, 2], "padding": "EXPLICIT"}
    reply = of_bytes(serving(), layouts=layouts, **words)
    expected = convolution(**BYTES, strides=(2, 1), pads=(1, 0, 0, 2))
    assert reply.output is not None, reply.message
    np.testing.assert_array_equal(reply.output, laid_out(expected, layouts[0]))


def test_bytes_that_cudnn_does_not_take_are_unsupported(serving):
    engine = serving()
    replies = {
        "neither zero points": of_bytes(engine, zeros=(0, 3)),
        "cuDNN has neither": of_bytes(engine, zeros=(3, 0)),
        "does not take": of_bytes(engine, BYTES["input"][..., :6], BYTES["filter"][:, :, :6]),
        "beyond 2^24": of_bytes(engine, np.ones((1, 3, 6, 400), np.int8), np.ones((1, 3, 400, 4), np.int8)),
    }
    for words, reply in replies.items():
        assert reply.message["type"] == "unsupported"
        assert words in reply.message["reason"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [("no device", "no CUDA-capable device is detected"), ("no handle", "CUDNN_STATUS_NOT_INITIALIZED")],
)
def test_without_a_gpu_no_run_begins(cudnn, monkeypatch, fault, words):
    monkeypatch.setenv("FAKE_CUDA", fault)
    status, said = convcheck("run", "--engine", f"lib:{cudnn}", "--suite", "examples")
    assert status == 3
    assert f"cudnn: no GPU that cuDNN can use: {words}" in said


@pytest.mark.parametrize("fault", ["no memory", "no room"])
def test_memory_that_the_device_lacks_is_refused(serving, monkeypatch, fault):
    monkeypatch.setenv("FAKE_CUDA", fault)
    message = serving().run(integers(1, 1, 3, 7, 8), integers(2, 4, 3, 3, 3)).message
    assert message["type"] == "refused"
    assert message["reason"].endswith("out of memory")


def test_numbers_beyond_cudnn_s_are_refused(serving):
    message = serving().run(integers(1, 1, 3, 7, 8), integers(2, 4, 3, 3, 3), dilations=[2**40, 1]).message
    assert message["type"] == "refused"


def test_a_device_that_breaks_costs_one_case_and_its_process(serving, monkeypatch):
    monkeypatch.setenv("FAKE_CUDA", "breaks")
    engine = serving()
    with pytest.raises(AssertionError, match="the device failed: an illegal memory access"):
        engine.run(integers(1, 1, 3, 7, 8), integers(2, 4, 3, 3, 3))


def test_what_cudnn_leaves_unwritten_is_seen(cudnn, monkeypatch):
    monkeypatch.setenv("FAKE_CUDA", "forgets")
    status, said = convcheck("run", "--engine", f"lib:{cudnn}", "--suite", "examples", "--shard", "1/20")
    assert status == 1
    assert "was never written" in said


def test_engine_and_fake_are_as_nvidia_declares_or_its_absence_is_said():
    found = subprocess.run([NATIVE / "cuda_flags"], capture_output=True, text=True, check=False)
    if found.returncode == 3:
        assert len(found.stderr.splitlines()) == 1
        assert "are not here: " in found.stderr
        return
    assert found.returncode == 0, found.stderr
    flags = [word for word in found.stdout.splitlines() if word.startswith("-I")]
    for source in (FAKE_CUDA / "fake_cuda.cpp", NATIVE / "cudnn.cpp"):
        words = ["-std=c++17", "-fsyntax-only", "-I", PROJECT / "Sources/CConvcheckEngine/include"]
        subprocess.run(["g++", *words, *flags, source], check=True)
