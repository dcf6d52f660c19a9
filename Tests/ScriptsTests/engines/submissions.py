"""Submitted kernels, and convcheck to judge them."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PROGRAM = PROJECT / ".build" / "debug" / "convcheck"
HEADER = "batch,height,width,channels,filters,kernel_height,kernel_width,operation"
# The sizes of gpu-mode's smallest test, smaller. Of each there are two cases, so that what was kept can be given again.
GPU_MODE = f"{HEADER}\n2,12,12,4,4,4,4,forward\n1,9,11,3,3,2,2,forward\n"
START = "import torch\nimport torch.nn.functional as F\nfrom task import input_t, output_t\n"
RIGHT = f"{START}def custom_kernel(data):\n    x, w, out = data\n    return F.conv2d(x, w)\n"
FFT = START + (
    "def custom_kernel(data):\n    x, w, out = data\n    size = x.shape[2:]\n"
    "    a, b = torch.fft.rfft2(x), torch.fft.rfft2(w, s=size).conj()\n"
    "    y = torch.fft.irfft2(torch.einsum('nchw,fchw->nfhw', a, b), s=size)\n"
    "    return y[:, :, :out.shape[2], :out.shape[3]].contiguous()\n"
)


def convcheck(*arguments: object, timeout: float = 240) -> tuple[int, str]:
    """Run convcheck, and return its exit status and what it printed."""
    assert PROGRAM.exists(), "convcheck has not been built: swift build"
    words = [str(word) for word in (PROGRAM, *arguments)]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=timeout, check=False)
    return done.returncode, done.stdout + done.stderr
