"""Submitted kernels behind the host, judged by convcheck on data that they have never seen: honest ones and cheats."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from pipe_runner import ENGINES

PROJECT = Path(__file__).parents[3]
PROGRAM = PROJECT / ".build" / "debug" / "convcheck"
HEADER = "batch,height,width,channels,filters,kernel_height,kernel_width,operation"
# The sizes of gpu-mode's smallest test, smaller; the same shape twice over, so that what was kept can be given again.
GPU_MODE = f"{HEADER}\n2,12,12,4,4,4,4,forward\n2,12,12,4,4,4,4,\n1,9,11,3,3,2,2,forward\n"
KERNELBENCH = (
    f"{HEADER},stride_height,stride_width,groups,bias,pad_top,pad_bottom,pad_left,pad_right\n"
    "2,9,8,4,6,3,2,forward,2,2,2,true,1,1,0,0\n"
    "2,9,8,4,6,3,2,input-gradient,1,1,1,false,0,0,0,0\n"
)
START = "import torch\nimport torch.nn.functional as F\nfrom task import input_t, output_t\n"
KEPT = "kept = []\ndef custom_kernel(data):\n    x, w, out = data\n"


def judge(tmp_path, submission, problems=GPU_MODE, form="gpu-mode", command="run", *options):
    """Judge a submission, and return the exit status and what was printed."""
    python = os.environ.get("CONVCHECK_PYTORCH_PYTHON")
    if not python:
        pytest.skip("CONVCHECK_PYTORCH_PYTHON names no Python that has PyTorch: run Scripts/test")
    assert PROGRAM.exists(), "convcheck has not been built: swift build"
    (tmp_path / "submission.py").write_text(submission)
    (tmp_path / "problems.csv").write_text(problems)
    host = f"cmd:{python} {ENGINES / 'submission_host.py'} {form} {tmp_path / 'submission.py'} --device cpu"
    arguments = ["--engine", " ".join([host, *options]), "--problems", tmp_path / "problems.csv"]
    extra = ["--fresh", "--jobs", "1"] if command == "run" else ["--rounds", "3"]
    done = subprocess.run(
        [PROGRAM, command, *arguments, *extra], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


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
}


@pytest.mark.parametrize("submission", HONEST.values(), ids=HONEST.keys())
def test_a_right_kernel_passes_whatever_else_it_does(tmp_path, submission):
    status, said = judge(tmp_path, submission)
    assert status == 0, said


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
    "its first answer, kept by address": (
        "kept = {}\ndef custom_kernel(data):\n    x, w, out = data\n"
        "    return kept.setdefault(x.shape[1:] and len(x.shape), F.conv2d(x, w))\n"
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
    "a tile left out": (
        "def custom_kernel(data):\n    x, w, out = data\n    y = F.conv2d(x, w)\n    y[..., -1, -1] = 0\n    return y\n"
    ),
}


@pytest.mark.parametrize("submission", CHEATS.values(), ids=CHEATS.keys())
def test_a_cheat_is_caught(tmp_path, submission):
    status, said = judge(tmp_path, START + submission)
    assert status == 1, said
    assert re.search(r"FAILED: \d+ of \d checks", said), said


def test_a_kernel_by_fft_passes_as_the_transform_that_it_is(tmp_path):
    submission = START + (
        "def custom_kernel(data):\n    x, w, out = data\n    size = x.shape[2:]\n"
        "    a, b = torch.fft.rfft2(x), torch.fft.rfft2(w, s=size).conj()\n"
        "    y = torch.fft.irfft2(torch.einsum('nchw,fchw->nfhw', a, b), s=size)\n"
        "    return y[:, :, :out.shape[2], :out.shape[3]].contiguous()\n"
    )
    status, said = judge(tmp_path, submission)
    assert status == 1, said
    assert "elements differ" in said
    status, said = judge(tmp_path, submission, GPU_MODE, "gpu-mode", "run", "--algorithm", "fft")
    assert status == 0, said


def test_who_is_wrong_later_has_no_time(tmp_path):
    late = KEPT + "    kept.append(1)\n    return F.conv2d(x, w) if len(kept) < 3 else torch.zeros_like(out)\n"
    status, said = judge(tmp_path, START + late, f"{HEADER}\n2,12,12,4,4,4,4,forward\n", "gpu-mode", "bench")
    assert status == 1, said
    assert "NO TIME: fail in round 3" in said
    status, said = judge(tmp_path, HONEST["in place"], GPU_MODE, "gpu-mode", "bench")
    assert status == 0, said


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
def test_a_model_of_kernelbench(tmp_path, kind, line):
    lines = KERNELBENCH.splitlines()
    problems = "\n".join([lines[0], lines[line]]) + "\n"
    for after, expected in [("", 0), (" * 1.001", 1), (".half().float()", 1)]:
        submission = MODEL.format(name="conv2d", kind=kind, options=OPTIONS, after=after)
        status, said = judge(tmp_path, submission, problems, "kernelbench")
        assert status == expected, said


def test_what_is_no_submission_is_said(tmp_path):
    status, said = judge(tmp_path, "import torch\n")
    assert status in (1, 3)
    assert "the submission defines no 'custom_kernel'" in said


@pytest.mark.parametrize("name", ["gpu-mode", "kernelbench"])
def test_the_published_sizes_are_problems(name):
    assert PROGRAM.exists(), "convcheck has not been built: swift build"
    path = ENGINES / "problems" / f"{name}.csv"
    done = subprocess.run(
        [PROGRAM, "list", "--problems", path], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"gpu-mode": "9 problems; 9 are ours", "kernelbench": "18 problems; 18 are ours"}[name] in done.stderr
