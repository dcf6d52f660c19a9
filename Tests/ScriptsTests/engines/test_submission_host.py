"""Submitted kernels behind the host, judged by convcheck on data that they have never seen: honest ones and cheats.

Many are engines of one run, and all share one import of torch: it takes longer than everything that is tested here.
"""

import json
import re

import pytest
from pipe_runner import ENGINES
from submissions import FFT, GPU_MODE, HEADER, START, convcheck

KERNELBENCH = (
    f"{HEADER},stride_height,stride_width,groups,bias,pad_top,pad_bottom,pad_left,pad_right\n"
    "2,9,8,4,6,3,2,forward,2,2,2,true,1,1,0,0\n"
    "2,9,8,4,6,3,2,input-gradient,1,1,1,false,0,0,0,0\n"
)
KEPT = "kept = []\ndef custom_kernel(data):\n    x, w, out = data\n"


def slug(name):
    """Return a name as that of a file, after which its engine is called."""
    return re.sub(r"\W+", "-", name)


def judged(folder, warm, submissions, problems=GPU_MODE, form="gpu-mode", command="run", options=None):
    """Judge submissions, by name, in one run.

    Return the statuses of each one's cases, and what was printed.
    """
    problems_path, record = folder / "problems.csv", folder / "record.jsonl"
    problems_path.write_text(problems)
    arguments = ["--problems", problems_path, "--jsonl", record]
    arguments += ["--fresh", "--jobs", "1"] if command == "run" else ["--rounds", "3"]
    for name, submission in submissions.items():
        path = folder / f"{slug(name)}.py"
        path.write_text(submission)
        further = ["--device", "cpu", *(options or {}).get(name, [])]
        words = [warm.python, warm.host, form, path, *further]
        arguments += ["--engine", "cmd:" + " ".join(str(word) for word in words)]
    status, said = convcheck(command, *arguments)
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    statuses = {
        name: [line["status"] for line in lines if line["type"] in ("case", "bench") and line["engine"] == slug(name)]
        for name in submissions
    }
    assert all(statuses.values()), said
    good = {"pass"} if command == "run" else {"timed"}
    assert status == (0 if all(set(all_) == good for all_ in statuses.values()) else 1), said
    return statuses, said


HONEST = {
    "the library's own": f"{START}def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w)\n",
    "in place": (
        f"{START}def custom_kernel(data):\n    x, w, out = data\n    out.copy_(F.conv2d(x, w))\n    return out\n"
    ),
    # Nearer to the truth than a reference in float32: products in float64, rounded once.
    "more accurate than the reference": (
        f"{START}def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x.double(), w.double()).float()\n"
    ),
    "destroys its input": (
        f"{START}def custom_kernel(data):\n    x, w, out = data\n    y = F.conv2d(x, w)\n    x.zero_()\n    w.zero_()\n"
        "    return y\n"
    ),
    "patches the timers": (
        f"{START}import time\ntime.time = time.perf_counter = lambda: 0.0\n"
        "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w)\n"
    ),
    "changes what torch creates": (
        f"{START}torch.set_default_dtype(torch.float64)\n"
        "def custom_kernel(data):\n    x, w, out = data\n"
        "    out.copy_(F.conv2d(x.double(), w.double()))\n    return out\n"
    ),
}


@pytest.fixture(scope="module")
def honest(tmp_path_factory, warm):
    return judged(tmp_path_factory.mktemp("honest"), warm, HONEST)


@pytest.mark.parametrize("name", HONEST)
def test_a_right_kernel_passes_whatever_else_it_does(honest, name):
    statuses, said = honest
    assert statuses[name] == ["pass"] * 4, said


CHEATS = {
    "zeros": "def custom_kernel(data):\n    return torch.zeros_like(data[2])\n",
    "nothing written": "def custom_kernel(data):\n    return data[2]\n",
    "a constant": "def custom_kernel(data):\n    return torch.full_like(data[2], 0.5)\n",
    "the input, cut": (
        "def custom_kernel(data):\n    x, w, out = data\n    return x[:, :, :out.shape[2], :out.shape[3]].clone()\n"
    ),
    "its first answer, kept by shape": (
        "kept = {}\ndef custom_kernel(data):\n    x, w, out = data\n"
        "    return kept.setdefault(tuple(x.shape), F.conv2d(x, w))\n"
    ),
    "its first answer, kept whatever is asked": (
        "kept = {}\ndef custom_kernel(data):\n    x, w, out = data\n    return kept.setdefault(0, F.conv2d(x, w))\n"
    ),
    "right at first": KEPT
    + "    kept.append(1)\n    return F.conv2d(x, w) if len(kept) < 2 else torch.zeros_like(out)\n",
    "a shape that broadcasts": "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w)[:1, :1]\n",
    "another type": "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x.double(), w.double())\n",
    "lower precision": (
        "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x.bfloat16(), w.bfloat16()).float()\n"
    ),
    "a lazy object": (
        "class Lazy(torch.Tensor):\n    pass\n"
        "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w).as_subclass(Lazy)\n"
    ),
    "work left to a thread": (
        "import threading, time\ndef custom_kernel(data):\n    x, w, out = data\n"
        "    threading.Thread(target=lambda: (time.sleep(0.3), out.copy_(F.conv2d(x, w)))).start()\n    return out\n"
    ),
    "comparisons patched": (
        "torch.allclose = lambda *a, **k: True\nimport numpy\nnumpy.allclose = lambda *a, **k: True\n"
        "numpy.testing.assert_allclose = lambda *a, **k: None\n"
        "def custom_kernel(data):\n    return torch.zeros_like(data[2])\n"
    ),
    "modules replaced": (
        "import sys, types\nfor name in ('convcheck_engine', 'numpy', 'numpy.testing', 'time', '__main__'):\n"
        "    fake = types.ModuleType(name)\n    fake.__getattr__ = lambda name: lambda *a, **k: True\n"
        "    sys.modules[name] = fake\n"
        "def custom_kernel(data):\n    return torch.zeros_like(data[2])\n"
    ),
    "the host's functions patched": (
        "import convcheck_engine\nshown = convcheck_engine._as_sent\n"
        "convcheck_engine._as_sent = lambda answer, dtype, name: shown(answer * 0, dtype, name)\n"
        "convcheck_engine.Result.said = property(lambda self: {'algorithm': 'direct', 'status': 'pass'})\n"
        "def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w)\n"
    ),
    "a tile left out": (
        "def custom_kernel(data):\n    x, w, out = data\n    y = F.conv2d(x, w)\n    y[..., -1, -1] = 0\n    return y\n"
    ),
}


@pytest.fixture(scope="module")
def cheats(tmp_path_factory, warm):
    submissions = {name: START + submission for name, submission in CHEATS.items()}
    return judged(tmp_path_factory.mktemp("cheats"), warm, submissions)


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_is_caught(cheats, name):
    statuses, said = cheats
    assert {"fail", "error"} & set(statuses[name]), said
    assert set(statuses[name]) <= {"pass", "fail", "error"}, said


def test_a_kernel_by_fft_passes_as_the_transform_that_it_is(tmp_path, warm):
    statuses, said = judged(tmp_path, warm, {"direct": FFT, "fft": FFT}, options={"fft": ["--algorithm", "fft"]})
    assert "fail" in statuses["direct"] and "elements differ" in said
    assert statuses["fft"] == ["pass"] * 4, said


def test_who_is_wrong_later_has_no_time(tmp_path, warm):
    late = KEPT + "    kept.append(1)\n    return F.conv2d(x, w) if len(kept) < 3 else torch.zeros_like(out)\n"
    submissions = {"late": START + late, "in place": HONEST["in place"], "timers": HONEST["patches the timers"]}
    problems = f"{HEADER}\n2,12,12,4,4,4,4,forward\n"
    statuses, said = judged(tmp_path, warm, submissions, problems, command="bench")
    assert statuses == {"late": ["fail"], "in place": ["timed"], "timers": ["timed"]}, said
    assert "NO TIME: fail in round 3" in said


MODEL = """import torch
class ModelNew(torch.nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1, bias=False):
        super().__init__()
        self.{name} = torch.nn.{kind}(in_channels, out_channels, kernel_size, {options})
    def forward(self, x):
        return self.{name}(x){after}
"""
OPTIONS = "stride=stride, padding=padding, groups=groups, bias=bias"


@pytest.mark.parametrize(("kind", "line"), [("Conv2d", 1), ("ConvTranspose2d", 2)])
def test_a_model_of_kernelbench(tmp_path, warm, kind, line):
    lines = KERNELBENCH.splitlines()
    problems = "\n".join([lines[0], lines[line]]) + "\n"
    afters = {"right": "", "scaled": " * 1.001", "half": ".half().float()"}
    submissions = {
        name: MODEL.format(name="conv2d", kind=kind, options=OPTIONS, after=after) for name, after in afters.items()
    }
    statuses, said = judged(tmp_path, warm, submissions, problems, "kernelbench")
    assert statuses["right"] == ["pass", "pass"], said
    assert "fail" in statuses["scaled"] and "fail" in statuses["half"], said


def test_torch_itself_is_an_engine_to_compare_with(tmp_path, warm):
    problems = tmp_path / "problems.csv"
    problems.write_text(KERNELBENCH)
    engine = f"cmd:{warm.python} {warm.host} torch --device cpu"
    status, said = convcheck("run", "--problems", problems, "--engine", engine, "--fresh", "--jobs", "1")
    assert status == 0, said
    assert "4 pass" in said


def test_what_does_not_run_on_one_of_two_devices_is_unsupported_there(tmp_path, warm):
    raises = START + 'def custom_kernel(data):\n    raise RuntimeError("it wants a GPU")\n'
    options = {"excused": ["--may-not-run"]}
    statuses, said = judged(tmp_path, warm, {"plain": raises, "excused": raises}, options=options)
    assert statuses == {"plain": ["error"] * 4, "excused": ["unsupported"] * 4}, said
    assert "it wants a GPU" in said


def test_what_is_no_submission_is_said(tmp_path, warm):
    path = tmp_path / "submission.py"
    path.write_text("import torch\n")
    engine = f"cmd:{warm.python} {warm.host} gpu-mode {path} --device cpu"
    problems = tmp_path / "problems.csv"
    problems.write_text(GPU_MODE)
    status, said = convcheck("run", "--problems", problems, "--engine", engine)
    assert status == 3
    assert "the submission defines no 'custom_kernel'" in said


@pytest.mark.parametrize("name", ["gpu-mode", "kernelbench"])
def test_the_published_sizes_are_problems(name):
    path = ENGINES / "problems" / f"{name}.csv"
    status, said = convcheck("list", "--problems", path)
    assert status == 0, said
    assert {"gpu-mode": "9 problems; 9 are ours", "kernelbench": "18 problems; 18 are ours"}[name] in said
