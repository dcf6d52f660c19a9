"""convcheck_engine, driven over real pipes: what it answers, and what it does not put up with."""

import json
import pty
import signal
import subprocess
import sys

import numpy as np
import pytest
from definition import integers
from pipe_runner import ENGINES

INPUT, FILTER, BIAS = integers(1, 2, 5, 4, 3), integers(2, 2, 3, 3, 6), integers(3, 6)


def test_the_greeting_names_the_engine_and_what_differs_from_the_defaults(engine):
    child = engine("return input", arguments='"probe", "1.0", Capabilities(input_layouts=["NCHW", "NHWC"], bias=False)')
    child.send({"type": "hello", "protocol": 1})
    assert child.receive().message == {
        "type": "hello",
        "protocol": 1,
        "engine": {"name": "probe", "version": "1.0"},
        "capabilities": {"input_layouts": ["NCHW", "NHWC"], "bias": False},
    }
    assert child.end() == 0


def test_the_greeting_tells_how_the_engine_is_set_up_and_what_it_infers(engine):
    declared = 'Capabilities(groups="inferred", strides=False, integer_bits=24)'
    configuration = '{"threads": 1, "backend": "avx2"}'
    child = engine("return input", arguments=f'"probe", "1.0", {declared}, configuration={configuration}')
    child.send({"type": "hello", "protocol": 1})
    message = child.receive().message
    assert message["engine"] == {"name": "probe", "version": "1.0", "configuration": json.loads(configuration)}
    assert message["capabilities"] == {"groups": "inferred", "strides": False, "integer_bits": 24}
    assert child.end() == 0


def test_fields_of_a_later_runner_are_passed_over(engine):
    with engine("return input").greet() as child:
        reply = child.run(INPUT, FILTER, later={"a": 1})
        assert reply.message["type"] == "result"
        np.testing.assert_array_equal(reply.output, INPUT)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ('input_layouts=["NCWH"]', "input_layouts"),
        ('filter_layouts="OIHW"', "filter_layouts"),
        ("input_layouts=[]", "input_layouts"),
        ('groups="infered"', "groups"),
        ('strides="no"', "strides"),
        ("bias=0", "bias"),
        ("integer_bits=32", "integer_bits"),
        ('algorithm="winogard"', "algorithm"),
        ("tile=(4,)", "tile"),
        ("tile=(0, 4)", "tile"),
        ("tile=(4, 1025)", "tile"),
        ('arithmetic="float128"', "arithmetic"),
    ],
)
def test_a_capability_that_the_runner_would_not_know_stops_the_engine_as_it_starts(engine, declared, complaint):
    child = engine("return input", arguments=f'"probe", "1", Capabilities({declared})')
    assert child.end() == 1
    assert f"capability {complaint} is" in child.stderr


def test_convolve_is_given_what_was_sent(engine):
    body = """
    assert problem == Problem((2, 1), (1, 3), "EXPLICIT", (4, 3, 2, 1), 3, "NHWC", "HWIO"), problem
    return np.concatenate([array.ravel() for array in (input, filter, bias)]).reshape(1, 1, 1, -1)
    """
    with engine(body).greet() as child:
        changes = {"strides": [2, 1], "dilations": [1, 3], "padding": "EXPLICIT", "pads": [4, 3, 2, 1], "groups": 3}
        reply = child.run(INPUT, FILTER, BIAS, number=7, **changes)
        assert reply.message["id"] == 7
        np.testing.assert_array_equal(reply.output.ravel(), np.concatenate([INPUT.ravel(), FILTER.ravel(), BIAS]))


def test_without_a_bias_it_is_none(engine):
    with engine("assert bias is None; return input").greet() as child:
        assert child.run(INPUT, FILTER).message["type"] == "result"


def test_an_invalid_problem_reaches_the_engine(engine):
    body = 'raise Rejected(f"groups {problem.groups}, strides {problem.strides}, {input.size} numbers")'
    with engine(body).greet() as child:
        reply = child.run(np.empty((0, 3, 3, 1), np.float32), FILTER, groups=0, strides=[0, -1])
        assert reply.message == {"type": "rejected", "id": 1, "reason": "groups 0, strides (0, -1), 0 numbers"}


def test_unsupported_is_answered_with_its_reason(engine):
    with engine('raise Unsupported("no such kernel: ü")').greet() as child:
        expected = {"type": "unsupported", "id": 3, "reason": "no such kernel: ü"}
        assert child.run(INPUT, FILTER, number=3).message == expected


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        ('Refused("2 TiB")', "2 TiB"),
        ("MemoryError()", "MemoryError"),
        ('MemoryError("2 TiB")', "2 TiB"),
        ('OverflowError("int too large")', "int too large"),
        ("np._core._exceptions._ArrayMemoryError((2, 3), np.dtype(float))", "Unable to allocate"),
    ],
)
def test_lack_of_memory_and_of_integers_is_refused(engine, raised, reason):
    before = "np._core = getattr(np, '_core', None) or np.core"
    with engine(f"raise {raised}", before).greet() as child:
        message = child.run(INPUT, FILTER, number=4).message
        assert (message["type"], message["id"]) == ("refused", 4)
        assert reason in message["reason"]
        assert child.run(INPUT, FILTER).message["type"] == "refused"


def test_an_answer_for_which_there_is_no_memory_is_refused(engine):
    # Every element is the same one, until the array is laid out for the pipe.
    with engine("return np.broadcast_to(np.float32(0), (1 << 20, 1 << 20, 1 << 8, 1))").greet() as child:
        message = child.run(INPUT, FILTER).message
        assert message["type"] == "refused"
        assert "Unable to allocate" in message["reason"]


def test_a_librarys_exceptions_are_what_the_adapter_says(engine):
    body = """
    if problem.groups == 2:
        raise NotImplementedError("two groups")
    if problem.groups == 3:
        raise RuntimeError("three groups")
    if problem.groups == 4:
        raise KeyError("four groups")
    raise MemoryError("one group")
    """
    arguments = '"probe", rejects=(RuntimeError, MemoryError), unsupported=(NotImplementedError,)'
    with engine(body, arguments=arguments).greet() as child:
        answers = [child.run(INPUT, FILTER, groups=groups).message for groups in (2, 3, 4, 1)]
        assert [answer["type"] for answer in answers] == ["unsupported", "rejected", "error", "refused"]
        assert answers[0]["reason"] == "two groups"
        assert answers[1]["reason"] == "three groups"


def test_what_an_exception_says_is_looked_at_before_its_type(engine):
    body = """
    if problem.groups == 5:
        raise Rejected("no kernel for what the adapter itself rejects")
    words = {2: "no kernel for two groups", 3: "out of memory", 4: "four groups"}[problem.groups]
    raise RuntimeError(words)
    """
    arguments = '"probe", rejects=(RuntimeError,), meanings={"no kernel": Unsupported, "of memory": Refused}'
    with engine(body, arguments=arguments).greet() as child:
        answers = [child.run(INPUT, FILTER, groups=groups).message for groups in (2, 3, 4, 5)]
        assert [answer["type"] for answer in answers] == ["unsupported", "refused", "rejected", "rejected"]
        assert answers[0]["reason"] == "no kernel for two groups"


def test_an_engine_is_named_after_its_options(engine):
    child = engine("return input", arguments='with_options("probe")', options=["--fast", "--explicit-pads"])
    child.send({"type": "hello", "protocol": 1})
    assert child.receive().message["engine"]["name"] == "probe-fast-explicit-pads"


def test_a_result_says_what_computed_it(engine):
    body = """
    if problem.groups == 2:
        return Result(input, algorithm="winograd", tile=(4, 2), arithmetic="tf32", implementation="wino_4x2")
    return Result(input, implementation="gemm")
    """
    with engine(body).greet() as child:
        reply = child.run(INPUT, FILTER, groups=2)
        np.testing.assert_array_equal(reply.output, INPUT)
        said = {key: value for key, value in reply.message.items() if key not in ("type", "id", "tensors")}
        assert said == {"algorithm": "winograd", "tile": [4, 2], "arithmetic": "tf32", "implementation": "wino_4x2"}
        said = child.run(INPUT, FILTER).message
        assert said["implementation"] == "gemm"
        assert not {"algorithm", "tile", "arithmetic"} & set(said)


@pytest.mark.parametrize("said", ['algorithm="winogard"', 'arithmetic="float128"', "tile=(4, 0)", "tile=3"])
def test_a_result_of_an_unknown_kind_is_an_error(engine, said):
    with engine(f"return Result(input, {said})").greet() as child:
        message = child.run(INPUT, FILTER).message
        assert message["type"] == "error"
        assert said.partition("=")[0] in message["message"]


def test_any_other_exception_costs_that_problem_alone(engine):
    body = """
    if problem.groups == 2:
        raise IndexError("tile 9 of 8")
    return input
    """
    child = engine(body).greet()
    reply = child.run(INPUT, FILTER, number=1, groups=2)
    assert reply.message == {"type": "error", "id": 1, "message": "IndexError: tile 9 of 8"}
    np.testing.assert_array_equal(child.run(INPUT, FILTER, number=2).output, INPUT)
    assert child.run(INPUT, FILTER, number=3, groups=2).message["type"] == "error"
    assert child.end() == 0
    assert "line" in child.stderr
    assert child.stderr.count("IndexError: tile 9 of 8") == 1


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("return None", "convolve returned NoneType, expected numpy.ndarray"),
        ("return input.tolist()", "convolve returned list, expected numpy.ndarray"),
        ("return input.astype(np.float64)", "convolve returned an array of float64, expected float32"),
    ],
)
def test_what_cannot_be_sent_is_an_error(engine, body, complaint):
    with engine(body).greet() as child:
        assert child.run(INPUT, FILTER).message == {"type": "error", "id": 1, "message": f"TypeError: {complaint}"}


def test_a_wrong_shape_is_sent_as_it_is_for_the_runner_to_judge(engine):
    with engine("return input[0]").greet() as child:
        reply = child.run(INPUT, FILTER)
        assert reply.message["tensors"] == [{"name": "output", "dtype": "float32", "shape": [5, 4, 3]}]
        np.testing.assert_array_equal(reply.output, INPUT[0])


@pytest.mark.parametrize("raised", ["Unsupported", "Rejected", "ValueError"])
def test_a_reason_without_end_still_fits_into_a_line(engine, raised):
    with engine(f'raise {raised}("\\u2713" * 1000000)').greet() as child:
        message = child.run(INPUT, FILTER).message
        assert "✓✓✓" in message.get("reason", message.get("message"))
        assert len(json.dumps(message)) < 1 << 16


def test_any_memory_order_and_byte_order_is_sent_as_the_protocol_wants_it(engine):
    with engine('return input.astype(">f4").transpose(0, 2, 1, 3)[:, ::-1]').greet() as child:
        reply = child.run(INPUT, FILTER)
        assert reply.message["tensors"][0]["dtype"] == "float32"
        np.testing.assert_array_equal(reply.output, INPUT.transpose(0, 2, 1, 3)[:, ::-1])


def test_nothing_that_a_library_prints_reaches_the_pipe(engine):
    before = """
    import ctypes, os, subprocess
    libc = ctypes.CDLL(None)
    libc.printf(b"%s", b"C as it loads\\n")
    libc.fflush(None)
    print("Python as it loads")
    """
    body = """
    print("Python")
    sys.stdout.flush()
    libc.puts(b"C")
    libc.fflush(None)
    os.write(1, b"descriptor 1\\n")
    subprocess.run(["echo", "child"], check=True)
    return input
    """
    child = engine(body, before).greet()
    for number in range(3):
        np.testing.assert_array_equal(child.run(INPUT, FILTER, number=number).output, INPUT)
    assert child.end() == 0
    printed = ["C as it loads", "Python as it loads", "Python", "C", "descriptor 1", "child"]
    assert set(printed) <= set(child.stderr.splitlines())


def test_a_library_that_reads_standard_input_finds_it_empty(engine):
    with engine("assert sys.stdin.read() == ''; return input").greet() as child:
        np.testing.assert_array_equal(child.run(INPUT, FILTER).output, INPUT)


def test_large_tensors_arrive_whole_both_ways(engine):
    # Many times what a pipe holds, and sent in pieces, so that no single read brings all.
    large = np.arange(5_000_001, dtype=np.float32).reshape(1, 1, -1, 1)
    tensors = [
        {"name": "input", "dtype": "float32", "shape": large.shape},
        {"name": "filter", "dtype": "float32", "shape": FILTER.shape},
    ]
    problem = {"strides": [1, 1], "dilations": [1, 1], "padding": "VALID", "pads": [0, 0, 0, 0], "groups": 1}
    layouts = {"input_layout": "NHWC", "filter_layout": "HWIO"}
    with engine("return -input").greet() as child:
        child.send({"type": "run", "id": 1, "problem": problem | layouts, "tensors": tensors})
        data = large.tobytes()
        for start in range(0, len(data), 1_000_003):
            child.send_raw(data[start : start + 1_000_003])
        child.send_raw(FILTER.tobytes())
        np.testing.assert_array_equal(child.receive().output, -large)


def test_empty_tensors_go_both_ways(engine):
    with engine("return input").greet() as child:
        assert child.run(np.empty((0, 4, 4, 3), np.float32), FILTER).output.shape == (0, 4, 4, 3)


@pytest.mark.parametrize("greeted", [False, True])
def test_the_end_of_the_input_ends_the_engine_quietly(engine, greeted):
    child = engine("return input")
    if greeted:
        child.greet()
    assert child.end() == 0
    assert child.stderr == ""


HELLO = {"type": "hello", "protocol": 1}
PROBLEM = {
    "strides": [1, 1],
    "dilations": [1, 1],
    "padding": "VALID",
    "pads": [0, 0, 0, 0],
    "groups": 1,
    "input_layout": "NHWC",
    "filter_layout": "HWIO",
}
SMALL = [
    {"name": "input", "dtype": "float32", "shape": [1, 1, 1, 1]},
    {"name": "filter", "dtype": "float32", "shape": [1, 1, 1, 1]},
]
RUN = {"type": "run", "id": 1, "problem": PROBLEM, "tensors": SMALL}


def problem(**changes):
    return RUN | {"problem": PROBLEM | changes}


def tensors(*entries):
    return RUN | {"tensors": list(entries)}


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ([b"hello\n"], "the line b'hello\\n' is not JSON"),
        ([b"\xff\n"], "is not JSON"),
        ([b"[1]\n"], "is not a JSON object"),
        ([b'{"type":"hello"'], "does not end"),
        ([b"x" * (1 << 21)], "does not end"),
        ([RUN], "expected a hello"),
        ([HELLO | {"protocol": 2}], "protocol is 2, expected 1"),
        ([HELLO, HELLO], "a message of type 'hello', expected run"),
        ([HELLO, RUN | {"id": "1"}], "id is '1', expected an integer"),
        ([HELLO, RUN | {"problem": [1]}], "problem is [1]"),
        ([HELLO, problem(strides=[1])], "strides is [1], expected 2 integers"),
        ([HELLO, problem(dilations=[1, 1.0])], "dilations is [1, 1.0], expected 2 integers"),
        ([HELLO, problem(pads=[0, 0])], "pads is [0, 0], expected 4 integers"),
        ([HELLO, problem(groups=True)], "groups is True, expected an integer"),
        ([HELLO, problem(padding="SAME")], "padding is 'SAME'"),
        ([HELLO, problem(input_layout="NCHW")], "input_layout is 'NCHW', expected one of NHWC"),
        ([HELLO, problem(filter_layout=1)], "filter_layout is 1"),
        ([HELLO, RUN | {"tensors": None}], "the tensors are None"),
        ([HELLO, tensors(SMALL[1], SMALL[0])], "expected input, filter"),
        ([HELLO, tensors(*SMALL, SMALL[0])], "expected input, filter"),
        ([HELLO, tensors(SMALL[0])], "expected input, filter"),
        ([HELLO, tensors(SMALL[0] | {"dtype": "float64"}, SMALL[1])], "input is of 'float64', expected one of float32"),
        ([HELLO, tensors(SMALL[0] | {"shape": [1, 1, 1]}, SMALL[1])], "input has shape [1, 1, 1], expected 4 sizes"),
        ([HELLO, tensors(SMALL[0] | {"shape": [1, -1, 1, -1]}, SMALL[1])], "input has shape [1, -1, 1, -1]"),
        (
            [HELLO, tensors(SMALL[0] | {"shape": [1 << 40, 1 << 40, 1, 1]}, SMALL[1])],
            "input has shape [1099511627776, 1099511627776, 1, 1]: ",
        ),
        ([HELLO, RUN, b"\0\0\0\0\0\0"], "the input ended 2 bytes before the end of filter"),
    ],
)
def test_what_breaks_the_protocol_ends_the_engine_with_a_word(engine, messages, complaint):
    child = engine("return input")
    data = [message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n" for message in messages]
    output, _ = child.process.communicate(b"".join(data), timeout=60)
    assert child.process.returncode == 1
    assert output.count(b"\n") == (1 if messages[0] == HELLO else 0)
    assert "probe: the runner broke the protocol: " in child.stderr
    assert complaint in child.stderr


def test_an_interrupted_engine_ends_without_a_word(engine):
    child = engine("import time; time.sleep(60)").greet()
    child.process.send_signal(signal.SIGINT)
    assert child.end() == -signal.SIGINT
    assert child.stderr == ""


def test_an_engine_whose_runner_is_gone_ends_without_a_word(engine):
    child = engine("import time; time.sleep(0.2); return np.zeros((1000, 100, 10, 1), np.float32)").greet()
    child.send({"type": "run", "id": 1, "problem": PROBLEM, "tensors": SMALL})
    child.send_raw(bytes(8))
    child.process.stdout.close()
    assert child.process.wait(timeout=60) == 1
    assert child.stderr == ""


def test_started_by_hand_it_says_how_it_is_started():
    command = [sys.executable, str(ENGINES / "numpy_engine.py")]
    _, inside = pty.openpty()
    result = subprocess.run(command, stdin=inside, capture_output=True, timeout=60, check=False)
    assert result.returncode == 1
    assert b"convcheck run --engine 'cmd:" in result.stderr
    assert result.stdout == b""
