"""convcheck judge: from a file that somebody submitted to a verdict."""

import json
import os

import pytest
from submissions import FFT, HEADER, RIGHT, START, convcheck

PROBLEMS = f"name,{HEADER}\ntest-a,2,12,12,4,4,4,4,forward\ntimed-b,1,9,11,3,3,2,2,forward\n"
# Lower precision, from an engine that declares it, in its greeting and with each answer.
LIAR = f"""{START}
import convcheck_engine
plain = convcheck_engine.json.dumps
def dumps(message):
    message = dict(message)
    if message["type"] == "hello":
        message["capabilities"] = message["capabilities"] | {{"algorithm": "transform", "arithmetic": "bfloat16"}}
    if message["type"] == "result":
        message |= {{"algorithm": "transform", "arithmetic": "bfloat16"}}
    return plain(message)
convcheck_engine.json.dumps = dumps
def custom_kernel(data):
    x, w, out = data
    return F.conv2d(x.bfloat16().float(), w.bfloat16().float())
"""
CHOOSY = f"""{START}
from convcheck_engine import Unsupported
def custom_kernel(data):
    x, w, out = data
    if x.shape[2] > 9:
        raise Unsupported("too hard")
    return F.conv2d(x, w)
"""
# What torch.compile raises where it may write no file, and what then comes of its second try.
COMPILED = f"""{START}
tries = []
def custom_kernel(data):
    tries.append(1)
    if len(tries) > 1:
        raise AssertionError("registered already")
    try:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")
    except FileNotFoundError as error:
        raise RuntimeError("backend compiler failed") from error
"""
LATE = f"""{START}
kept = []
def custom_kernel(data):
    x, w, out = data
    kept.append(1)
    return F.conv2d(x, w) if len(kept) < 40 else torch.zeros_like(out)
"""
MODEL = """import torch
class ModelNew(torch.nn.Module):
    def __init__(self, in_channels, out_channels, stride=1, padding=0, dilation=1, groups=1, bias=False):
        super().__init__()
        self.conv1d = torch.nn.Conv2d(in_channels, out_channels, 1, stride, padding, dilation, groups, bias)
    def forward(self, x):
        return self.conv1d(x)
"""


@pytest.fixture
def judge(tmp_path, warm):
    """Judge a text as a submission, by the host that has torch already: unconfined, since it is reached by a socket."""
    problems = tmp_path / "problems.csv"
    problems.write_text(PROBLEMS)

    def judge(text, *options, name="submission.py", published=False):
        path = tmp_path / name
        path.write_text(text)
        words = [path, "--python", warm.python, "--host", warm.host, "--no-confine", "--device", "cpu"]
        status, said = convcheck("judge", *words, *([] if published else ["--problems", problems]), *options)
        return status, said, [line for line in said.splitlines() if line.startswith(("RIGHT", "WRONG", "NOT JUDGED"))]

    return judge


def test_what_is_right_is_judged_confined_and_timed_beside_torch(tmp_path):
    python = os.environ.get("CONVCHECK_PYTORCH_PYTHON")
    if not python:
        pytest.skip("CONVCHECK_PYTORCH_PYTHON names no Python that has PyTorch: run Scripts/test")
    (tmp_path / "mine.py").write_text(RIGHT)
    reports = [word for kind in ("jsonl", "junit", "markdown", "html", "bench-jsonl") for word in (f"--{kind}", kind)]
    reports = [tmp_path / word if word[0] != "-" else word for word in reports]
    options = ["--problem", "timed-128-8-64-4", "--products", "1e6", "--rounds", "2", "--python", python]
    status, said = convcheck("judge", tmp_path / "mine.py", "--device", "cpu", *options, *reports)
    assert status == 0, said
    path = tmp_path / "mine.py"
    assert f"{path} is judged as a submission to gpu-mode, by {python}, on the CPU" in said
    assert "it is confined" in said and "is reduced: input 4x128x128x64 there, 1x8x8x64 here" in said
    assert f"RIGHT: {path} passed 2 of 2 checks on fresh data; 1 problem timed" in said
    assert "times as long as torch" in said
    header, *cases, footer = [json.loads(line) for line in (tmp_path / "jsonl").read_text().splitlines()]
    assert [case["status"] for case in cases] == ["pass", "pass"]
    assert cases[0]["problem"]["input"] == [1, 8, 8, 64]
    assert "Made smaller: there it has the input 4x128x128x64." in cases[0]["note"] and "reduced" in cases[0]["tags"]
    assert header["repeat"][:2] == ["--judge-as", "direct"] and header["repeat"][-2:] == ["--fresh", "SEED"]
    assert footer["fresh"]["drawn"] == 2 and f"fresh data from seed {footer['fresh']['seed']}:" in said
    for kind in ("junit", "markdown", "html"):
        assert "mine" in (tmp_path / kind).read_text()
    assert '"engine":"torch"' in (tmp_path / "bench-jsonl").read_text()


def test_a_wrong_one_is_not_timed(judge):
    status, said, verdict = judge(START + "def custom_kernel(data):\n    return torch.zeros_like(data[2])\n")
    assert status == 1
    assert verdict[0].endswith("failed 4 of 4 checks on fresh data; not timed") and verdict[0].startswith("WRONG")
    assert "GFLOP/s" not in said and "--algorithm" not in said


def test_one_that_is_wrong_when_it_is_timed_is_wrong(judge):
    status, said, verdict = judge(LATE, "--rounds", "50", "--against", "none")
    assert status == 1, said
    assert "passed 4 of 4 checks on fresh data, and then, when it was timed, was wrong" in verdict[0]


def test_what_it_is_compared_with_is_not_its_fault(judge):
    status, said, verdict = judge(RIGHT, "--rounds", "1", "--against", "fault:flipped-kernel")
    assert status == 0, said
    assert "NO TIME" in said and verdict[0].endswith("; 1 problem timed")


def test_an_fft_is_told_how_to_be_judged_as_one(judge):
    status, said, verdict = judge(FFT)
    assert status == 1 and verdict[0].startswith("WRONG")
    assert "is judged as one with --algorithm fft, winograd or transform" in said
    status, said, verdict = judge(FFT, "--algorithm", "fft", "--no-bench")
    assert status == 0, said
    assert verdict[0].endswith("passed 4 of 4 checks on fresh data; not timed")


def test_what_it_says_of_itself_is_not_believed(judge):
    status, said, verdict = judge(LIAR)
    assert status == 1, said
    assert verdict[0].startswith("WRONG")


def test_what_it_leaves_out_is_not_right(judge):
    status, said, verdict = judge(CHOOSY)
    assert status == 4, said
    assert verdict[0].startswith("NOT JUDGED") and "passed 2 of 4 checks on fresh data, 2 unsupported" in verdict[0]


def test_what_may_not_compile_is_not_called_wrong_and_is_told_how(judge):
    status, said, verdict = judge(COMPILED)
    assert status == 4, said
    assert "--confine-compilers lets it: RuntimeError: backend compiler failed" in " ".join(said.split())
    assert verdict[0].startswith("NOT JUDGED")


def test_a_model_is_judged_on_the_problem_that_its_file_is_named_after(judge):
    options = ["--products", "1e5", "--rounds", "1", "--against", "none"]
    status, said, verdict = judge(MODEL, *options, name="87_conv_pointwise_2D.py", published=True)
    assert status == 0, said
    assert "is judged as a submission to kernelbench" in said and "87 is reduced: input 16x1024x1024x64 there" in said
    assert "passed 2 of 2 checks" in verdict[0]


def test_a_seed_repeats_a_judgement(judge):
    status, said, _ = judge(RIGHT, "--seed", "5", "--rounds", "1", "--against", "none")
    assert status == 0, said
    assert "fresh data from seed 5:" in said and "data from seed 5, another in every round" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import torch\ndef custom_kernel(data:\n", "SyntaxError"),
        ("import nothing_like_it\ndef custom_kernel(data): pass\n", "No module named 'nothing_like_it'"),
        ("custom_kernel = None\n", "the submission defines no 'custom_kernel'"),
        ("def custom_kernel(): ...\nraise PermissionError(1)\n", "--confine-compilers lets it: PermissionError"),
    ],
)
def test_what_does_not_load_cannot_be_started(judge, text, words):
    status, said, verdict = judge(text)
    assert status == 3
    assert verdict[0].endswith("submission.py could not be started")
    assert words in said


def test_a_python_without_torch_is_said(tmp_path):
    python = os.environ.get("MODERN_PYTHON", os.sys.executable)
    (tmp_path / "submission.py").write_text(RIGHT)
    status, said = convcheck("judge", tmp_path / "submission.py", "--python", python)
    assert status == 3
    assert f"no Python with torch and numpy, which a submission needs; tried:\n  {python}: it has no torch" in said
    assert "could not be started" in said
    status, said = convcheck("judge", tmp_path / "submission.py", "--python", tmp_path / "nothing")
    assert status == 3 and "nothing: there is no such program" in said


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("x = 1\n", [], "has neither 'def custom_kernel' (gpu-mode) nor 'class ModelNew' (kernelbench)"),
        (RIGHT + MODEL, [], "has 'def custom_kernel' (gpu-mode) and 'class ModelNew' (kernelbench)"),
        (MODEL, [], "--problem says which; there are 50, 55, 56"),
        (RIGHT, ["--problem", "test-7"], "--problem test-7: "),
        (RIGHT, ["--problems", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (RIGHT, ["--products", "0"], "--products is 0"),
        (RIGHT, ["--format", "kaggle"], "'kaggle' is none of: gpu-mode, kernelbench"),
        (RIGHT, ["--confine-allow", "/tmp"], "--no-confine goes neither"),
        (RIGHT, ["--jsonl", "a", "--bench-jsonl", "a"], "--jsonl writes there, too"),
    ],
)
def test_wrong_usage(judge, text, options, words):
    status, said, verdict = judge(text, *options, published=True)
    assert (status, verdict) == (2, []), said
    assert words in said
