"""numpy's arrays as PyTorch's tensors and back: layouts, bfloat16 and quantized tensors.

In PyTorch images are NCHW and filters OIHW. Other layouts are views with other strides: NHWC and OHWI are
torch.channels_last.
"""

from convcheck_engine import Problem

import numpy as np
import torch


def tensor(problem: Problem, name: str, numbers: np.ndarray) -> torch.Tensor:
    """Give an operand, as it came, to PyTorch: as NCHW or OIHW, quantized where the problem has scales."""
    given, wanted = layouts(problem, name)
    result = torch.from_numpy(numbers).permute([given.index(axis) for axis in wanted])
    if problem.scales:
        return quantized_tensor(problem, name, result)
    return result.to(torch.bfloat16) if problem.dtype == "bfloat16" else result


def array(problem: Problem, result: torch.Tensor) -> np.ndarray:
    """Take PyTorch's answer back, in the layout that is wanted; bfloat16 as float32."""
    wanted, given = layouts(problem, problem.answer.name)
    result = result.int_repr() if result.is_quantized else result
    result = result.float() if result.dtype == torch.bfloat16 else result
    return result.permute([given.index(axis) for axis in wanted]).detach().numpy()


def layouts(problem: Problem, name: str) -> tuple[str, str]:
    """Name a tensor's axes in the order that the problem has, and in PyTorch's."""
    return {"filter": (problem.filter_layout, "OIHW"), "bias": ("O", "O")}.get(name, (problem.input_layout, "NCHW"))


def quantized_tensor(problem: Problem, name: str, whole: torch.Tensor) -> torch.Tensor:
    """Attach an operand's scale and zero point to its integers, for a filter those of each filter where they differ.

    A bias PyTorch takes as the real numbers that it stands for: a float32 tensor.
    """
    if name == "bias":
        factors = problem.scales["input"].astype(np.float64) * problem.scales["filter"]
        return torch.from_numpy((whole.numpy() * factors).astype(np.float32))
    scales, zeros = (torch.from_numpy(value) for value in (problem.scales[name], problem.zero_points[name]))
    if name == "input" or len(scales) == len(zeros) == 1:
        return torch._make_per_tensor_quantized_tensor(whole, float(scales[0]), int(zeros[0]))
    scales, zeros = scales.double().expand(len(whole)), zeros.expand(len(whole))
    return torch._make_per_channel_quantized_tensor(whole, scales.contiguous(), zeros.contiguous(), 0)
