"""The engine in numpy, of every operation and type, but wrong in the first element of each last row."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "Scripts" / "engines"))

from convcheck_engine import DTYPES, Capabilities, round_to_bfloat16, serve

import numpy as np
import numpy_engine


def spoiled(operation):
    """Return the operation with its mistake."""

    def compute(problem, *operands):
        answer = operation(problem, *operands)
        if answer.size:
            last = answer.reshape(1, 1, 1, -1) if answer.ndim == 1 else answer
            last[:, -1, 0, :] = np.where(last[:, -1, 0, :] > 3, 3, last[:, -1, 0, :] + 1)
        return round_to_bfloat16(answer) if problem.answer.dtype == "bfloat16" else answer

    return compute


np.seterr(all="ignore")
names = ("input_gradient", "filter_gradient", "bias_gradient")
gradients = {name: spoiled(getattr(numpy_engine, name)) for name in names}
capabilities = Capabilities(dtypes=tuple(DTYPES), quantization=True)
serve(spoiled(numpy_engine.convolve), "wrong", "1 <b>bold</b>", capabilities, **gradients)
