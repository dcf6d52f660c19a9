"""Kernels in PyTorch that somebody submitted elsewhere, as an engine: the formats of gpu-mode and of KernelBench.

    convcheck judge submission.py
    convcheck run --fresh --problems Scripts/engines/problems/gpu-mode.csv \
        --engine 'cmd:python3 Scripts/engines/submission_host.py gpu-mode submission.py'

The checker and its clock are in another process, which a submission cannot reach: whatever it patches here is its
own. It is given its tensors and nothing else, and what it returns has to be a plain tensor of the right shape and
type, which is awaited and copied here. It runs on the GPU where torch finds one, else on the CPU; --device chooses.
Without a submission, as the format "torch", it is torch's own convolution, to compare times with.
"""

import argparse
import importlib.util
import inspect
import sys
import types
from collections.abc import Callable
from pathlib import Path

from convcheck_engine import Capabilities, Problem, Unsupported, output_padding, output_shape, serve  # before the rest

import numpy as np
import torch

ALGORITHMS = ("direct", "winograd", "fft", "transform")
# What the parameters of a KernelBench model are called, and what of a problem they are.
SIZES = ("kernel_size", "stride", "padding", "dilation")
# What Python's tempfile says, and so torch.compile, Triton and ninja, where no folder can be written to.
NO_FOLDER = "No usable temporary directory"
FORBIDDEN = (
    "it may not write files or start programs, as what compiles its kernels does: where it is confined,"
    " --confine-compilers lets it"
)


def main() -> None:
    """Load a submission and serve it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=("gpu-mode", "kernelbench", "torch"))
    parser.add_argument("submission", type=Path, nargs="?")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--algorithm", choices=ALGORITHMS, default="direct", help="how it is said to compute")
    parser.add_argument("--may-not-run", action="store_true", help="what it raises says that it does not support this")
    arguments = parser.parse_args()
    if arguments.device.startswith("cuda") and not torch.cuda.is_available():
        sys.exit(f"--device {arguments.device}: torch {torch.__version__} sees no GPU")
    if arguments.format == "torch":
        host: Host = Torch(arguments.device)
    elif arguments.submission is None or not arguments.submission.is_file():
        sys.exit(f"there is no file '{arguments.submission}'")
    else:
        kind = GPUMode if arguments.format == "gpu-mode" else KernelBench
        host = kind(arguments.device, arguments.submission, arguments.may_not_run)
    torch.set_num_threads(torch.get_num_threads() if arguments.device == "cpu" else 1)
    name = arguments.submission.stem if arguments.submission else "torch"
    name += "" if arguments.device == "cpu" else f" on {arguments.device}"
    capabilities = Capabilities(
        ("NCHW",), ("OIHW",), asymmetric_pads=False, algorithm=arguments.algorithm, bias=host.gradient is not None
    )
    serve(host.convolve, name, f"torch {torch.__version__}", capabilities, input_gradient=host.gradient)


class Host:
    """What both formats share: how a submission is loaded, and how its answer is taken."""

    gradient = None

    def __init__(self, device: str, may_not_run: bool = False) -> None:
        """Choose a device."""
        # Bound before anything foreign runs: what a submission does to torch changes its own answers alone.
        self._synchronize = torch.cuda.synchronize if device.startswith("cuda") else lambda: None
        self.device, self._may_not_run = device, may_not_run
        self._forbidden: str | None = None

    def load(self, path: Path, name: str) -> Callable[..., object]:
        """Import a submission, with the modules that its format lets it import, and return what it must define."""
        sys.modules.setdefault("task", types.ModuleType("task"))
        vars(sys.modules["task"]).update(input_t=tuple, output_t=torch.Tensor, TestSpec=dict)
        sys.modules.setdefault("utils", types.ModuleType("utils"))
        sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location("submission", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["submission"] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            if is_forbidden(error):
                sys.exit(f"{FORBIDDEN}: {type(error).__name__}: {error}")
            raise
        found = getattr(module, name, None)
        return found if callable(found) else sys.exit(f"the submission defines no '{name}'")

    def call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call what is of the submission."""
        try:
            return function(*arguments)
        except Exception as error:
            if self._forbidden is None and is_forbidden(error):
                self._forbidden = f"{FORBIDDEN}: {type(error).__name__}: {error}"
            if self._forbidden:  # from now on, for what was imported by half for it fails in other ways
                raise Unsupported(self._forbidden) from error
            if self._may_not_run:
                raise Unsupported(f"it does not run on {self.device}: {type(error).__name__}: {error}") from error
            raise

    def tensor(self, array: np.ndarray) -> torch.Tensor:
        """Give a submission its own copy of a tensor."""
        return torch.from_numpy(np.array(array, np.float32)).to(self.device)

    def answer(self, returned: object, shape: tuple[int, ...]) -> np.ndarray:
        """Take a finished answer: a plain tensor of the type and shape that the problem has."""
        if type(returned) not in (torch.Tensor, torch.nn.Parameter):
            raise TypeError(f"the submission returned a {type(returned).__name__}, expected a torch.Tensor")
        if returned.dtype != torch.float32:
            raise TypeError(f"the submission returned {returned.dtype}, expected torch.float32")
        if tuple(returned.shape) != tuple(shape):
            raise ValueError(f"the submission returned the shape {tuple(returned.shape)}, expected {tuple(shape)}")
        self._synchronize()
        return np.array(returned.detach().cpu().numpy(), np.float32)


class Torch(Host):
    """What torch's own functions answer."""

    def __init__(self, device: str) -> None:
        """Compute on a device."""
        super().__init__(device)
        self.gradient = self.transposed

    def convolve(self, problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
        """Convolve."""
        sizes = problem.strides, problem.pads[::2], problem.dilations, problem.groups
        addend = None if bias is None else self.tensor(bias)
        result = torch.nn.functional.conv2d(self.tensor(input), self.tensor(filter), addend, *sizes)
        return self.answer(result, output_shape(problem, input.shape, filter.shape))

    def transposed(
        self, problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None
    ) -> np.ndarray:
        """Transpose a convolution."""
        sizes = problem.strides, problem.pads[::2], output_padding(problem, output, filter)
        addend = None if bias is None else self.tensor(bias)
        result = torch.nn.functional.conv_transpose2d(
            self.tensor(output), self.tensor(filter), addend, *sizes, problem.groups, problem.dilations
        )
        return self.answer(result, problem.answer.shape)


class GPUMode(Host):
    """gpu-mode's conv2d: custom_kernel((input, filter, output)) returns the output; no pads, stride 1."""

    def __init__(self, device: str, path: Path, may_not_run: bool) -> None:
        """Import a submission."""
        super().__init__(device, may_not_run)
        self._kernel = self.load(path, "custom_kernel")

    def convolve(self, problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
        """Ask the submission."""
        plain = problem.strides == problem.dilations == (1, 1) and problem.groups == 1
        if not plain or any(problem.pads) or bias is not None:
            raise Unsupported("gpu-mode's conv2d has no stride, dilation, pads, groups or bias")
        shape = output_shape(problem, input.shape, filter.shape)
        # NaN, so that nothing that is left unwritten passes for a number.
        output = torch.full(shape, float("nan"), dtype=torch.float32, device=self.device)
        return self.answer(self.call(self._kernel, (self.tensor(input), self.tensor(filter), output)), shape)


class KernelBench(Host):
    """KernelBench's ModelNew: built from a problem's numbers, with its weights put in place, called with the input."""

    def __init__(self, device: str, path: Path, may_not_run: bool) -> None:
        """Import a submission."""
        super().__init__(device, may_not_run)
        self._build = self.load(path, "ModelNew")
        self.gradient = self.transposed
        self.models: dict[object, torch.nn.Module] = {}

    def convolve(self, problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
        """Ask the submission for a convolution."""
        channels = input.shape[1], filter.shape[0]
        return self.asked(problem, channels, input, filter, bias, output_shape(problem, input.shape, filter.shape))

    def transposed(
        self, problem: Problem, output: np.ndarray, filter: np.ndarray, bias: np.ndarray | None
    ) -> np.ndarray:
        """Ask the submission for a transposed convolution."""
        channels = output.shape[1], filter.shape[1] * problem.groups
        return self.asked(problem, channels, output, filter, bias, problem.answer.shape)

    def asked(
        self,
        problem: Problem,
        channels: tuple[int, int],
        given: np.ndarray,
        filter: np.ndarray,
        bias: np.ndarray | None,
        shape: tuple[int, ...],
    ) -> np.ndarray:
        """Ask the submission, whose model is kept from call to call as KernelBench keeps it."""
        key = problem, channels, filter.shape, bias is None
        key = repr(key)
        if key not in self.models:
            values = {
                "kernel_size": filter.shape[2:], "stride": problem.strides, "padding": problem.pads[::2],
                "dilation": problem.dilations,
            }  # fmt: skip
            self.models[key] = self.model(channels, problem.groups, bias is not None, values)
        model = self.models[key]
        with torch.no_grad():
            put(model, "weight", self.tensor(filter))
            if bias is not None:
                put(model, "bias", self.tensor(bias))
            return self.answer(self.call(model, self.tensor(given)), shape)

    def model(
        self, channels: tuple[int, int], groups: int, has_bias: bool, values: dict[str, tuple[int, int]]
    ) -> torch.nn.Module:
        """Build the model, with what its constructor asks for by name."""
        build = self._build
        named: dict[str, object] = {
            "in_channels": channels[0], "out_channels": channels[1], "groups": groups, "bias": has_bias,
            "num_classes": 1000,
        }  # fmt: skip
        for name in SIZES:
            pair = tuple(int(number) for number in values[name])
            named[name] = pair[0] if pair[0] == pair[1] else pair
            named |= {f"{name}_h": pair[0], f"{name}_w": pair[1]}
        parameters = inspect.signature(build).parameters.values()
        unknown = [one.name for one in parameters if one.name not in named and one.default is one.empty]
        if unknown:
            raise Unsupported(f"ModelNew wants {', '.join(unknown)}, of which a convolution knows nothing")
        chosen = {one.name: named[one.name] for one in parameters if one.name in named}
        return self.call(lambda: build(**chosen).to(self.device).eval())


def is_forbidden(error: BaseException | None) -> bool:
    """Say whether confinement is behind an exception: a file that may not be written, a program not be started."""
    while error is not None:
        if isinstance(error, PermissionError) or (isinstance(error, FileNotFoundError) and NO_FOLDER in str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def put(model: torch.nn.Module, kind: str, values: torch.Tensor) -> None:
    """Put weights or biases into the one parameter of a model that is called so."""
    found = [one for name, one in model.named_parameters() if name.split(".")[-1] == kind]
    if len(found) != 1:
        raise ValueError(f"the model has {len(found)} parameters called '{kind}', expected one")
    if found[0].numel() != values.numel():
        raise ValueError(f"the model's {kind} has the shape {tuple(found[0].shape)}, expected {tuple(values.shape)}")
    found[0].copy_(values.reshape(found[0].shape))


if __name__ == "__main__":
    main()
