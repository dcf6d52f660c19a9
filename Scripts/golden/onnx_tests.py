"""The tests of ONNX's convolutions as a golden suite: theirs beside the exact answer, and what is not ours."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper

from golden.drawing.operands import Operands, by_role
from golden.files.folder import MANIFEST, manifest
from golden.files.store import write_suite
from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry, GeometryError, same_pads
from golden.problem.kinds import BIAS, FILTER, FLOATS, FORWARD, INPUT, INPUT_GRADIENT, OUTPUT, Kind
from golden.problem.naming import INTEGER, REAL
from golden.vectors.build import build
from golden.vectors.case import Case
from golden.vectors.degeneracy import KINDS
from golden.vectors.vector import CaseError, Vector

SUITE = "onnx"
OPERATORS = ("Conv", "ConvTranspose", "ConvInteger", "QLinearConv")
FAILED, USAGE = 1, 2
DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"


class NotOursError(Exception):
    """A test of something else than a 2-D convolution, with the reason."""


@dataclass(frozen=True)
class Test:
    """One published test: a model of one node, its operands in the operator's order, and the answer that it wants."""

    name: str
    model: ModelProto
    inputs: list[NDArray]
    wanted: NDArray

    @property
    def operands(self) -> list[NDArray | None]:
        """The operands of the node, in the operator's order; None for one that is left out."""
        graph = self.model.graph
        held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        given = (one.name for one in graph.input if one.name not in held)
        held |= dict(zip(given, self.inputs, strict=False))
        return [held.get(name) for name in graph.node[0].input]

    @property
    def attributes(self) -> dict[str, object]:
        """The node's attributes."""
        return {one.name: onnx.helper.get_attribute_value(one) for one in self.model.graph.node[0].attribute}


def published() -> Iterator[Test]:
    """Yield the tests that the package `onnx` has: those that it computes, and those that lie in its folders."""
    from onnx.backend.test.case.node import collect_testcases

    for one in collect_testcases(None):
        inputs, outputs = one.data_sets[0]
        if isinstance(inputs, list) and isinstance(outputs[0], np.ndarray):
            yield Test(one.name, one.model, [np.asarray(value) for value in inputs], outputs[0])
    yield from in_folders([DATA / "pytorch-converted", DATA / "pytorch-operator"])


def in_folders(folders: Sequence[Path]) -> Iterator[Test]:
    """Yield the tests that lie in folders as ONNX publishes them: `NAME/model.onnx`, `NAME/test_data_set_0/*.pb`."""
    for folder in folders:
        models = sorted(folder.glob("**/model.onnx"))
        if not models:
            raise FileNotFoundError(f"{folder}: no NAME/model.onnx in it")
        for path in models:
            data = path.parent / "test_data_set_0"
            inputs = [tensor(data / f"input_{place}.pb") for place in range(len(list(data.glob("input_*.pb"))))]
            yield Test(path.parent.name, onnx.load(path), inputs, tensor(data / "output_0.pb"))


def tensor(path: Path) -> NDArray:
    """Return the tensor that a file holds."""
    return numpy_helper.to_array(onnx.load_tensor(str(path)))


def is_convolution(test: Test) -> bool:
    """Whether the test is of one of the operators alone."""
    nodes = test.model.graph.node
    return len(nodes) == 1 and nodes[0].op_type in OPERATORS


def case_of(test: Test) -> Case:
    """Return a test as a case; raises NotOursError where it is no 2-D convolution."""
    operator = test.model.graph.node[0].op_type
    operands = test.operands
    if operator == "ConvTranspose":
        kind, geometry, given = transposed(test, *operands)
    elif operator == "Conv":
        kind, geometry, given = convolution(test, *operands)
    else:
        kind, geometry, given = whole_numbers(test, operator, operands)
    is_whole = all(np.all(np.trunc(values) == values) for values in given.values())
    return Case(
        test.name.removeprefix("test_").replace("_", "-"),
        geometry,
        f"ONNX's test of {operator}, as it is published.",
        INTEGER if is_whole or not kind.is_floating else REAL,
        tags=("onnx", "published"),
        source=f"ONNX backend tests, {test.name}",
        allowed=dict.fromkeys(KINDS, "the test is stored as it is published"),
        given=(given[INPUT], given[FILTER], given.get(BIAS)) if kind.is_plain else given,
        kind=kind,
    )


def convolution(
    test: Test, image: NDArray, weights: NDArray, bias: NDArray | None = None
) -> tuple[Kind, Geometry, Operands]:
    """Return a Conv: X [batch, channels, height, width], W [filters, channels / groups, height, width]."""
    x, w = planes(image), planes(weights)
    kind = floating(FORWARD, image.dtype)
    geometry = geometry_of(test, channels_last(x).shape, hwio(w).shape, bias is not None)
    return kind, geometry, by_role((channels_last(x), hwio(w), bias))


def transposed(
    test: Test, output: NDArray, weights: NDArray, bias: NDArray | None = None
) -> tuple[Kind, Geometry, Operands]:
    """Return a ConvTranspose: X [batch, channels, height, width], W [channels, filters / groups, height, width].

    It is the input's gradient of a convolution whose output is X: what ONNX calls its filters are the channels of that.
    """
    y, w, wanted = planes(output), planes(weights), planes(test.wanted)
    attributes, kernel = test.attributes, w.shape[2:]
    strides, dilations = pair(test, "strides", (1, 1)), pair(test, "dilations", (1, 1))
    sizes = zip(wanted.shape[2:], y.shape[2:], kernel, strides, dilations, strict=True)
    if attributes.get("auto_pad", b"NOTSET") != b"NOTSET" or "output_shape" in attributes:
        over = pair(test, "output_padding", (0, 0))
        total = [
            max(stride * (given - 1) + extra + (tap - 1) * dilation + 1 - size, 0)
            for (size, given, tap, stride, dilation), extra in zip(sizes, over, strict=True)
        ]
        # The odd one at the end for SAME_UPPER, else at the beginning: ONNX's own formula for `output_shape`.
        upper = attributes.get("auto_pad") == b"SAME_UPPER"
        begins = [one // 2 if upper else one - one // 2 for one in total]
        pads = (begins[0], total[0] - begins[0], begins[1], total[1] - begins[1])
    else:
        pads = explicit_pads(test)
    geometry = Geometry(
        channels_last(wanted).shape, (*kernel, w.shape[1], w.shape[0]), strides, dilations, EXPLICIT, pads,
        int(attributes.get("group", 1)), bias is not None,
    )  # fmt: skip
    given = {OUTPUT: channels_last(y), FILTER: np.ascontiguousarray(w.transpose(2, 3, 1, 0))}
    return floating(INPUT_GRADIENT, output.dtype), geometry, given | ({} if bias is None else {BIAS: bias})


def whole_numbers(test: Test, operator: str, operands: list[NDArray | None]) -> tuple[Kind, Geometry, Operands]:
    """Return a ConvInteger (x, w, zero points) or a QLinearConv (x, w and y, each with scale and zero point; bias)."""
    rest: Operands = {}
    bias = None
    if operator == "ConvInteger":
        image, weights, *zero_points = operands
        points = dict(zip((INPUT, FILTER), [*zero_points, None, None], strict=False))
    else:
        image, x_scale, x_zero, weights, w_scale, w_zero, y_scale, y_zero, *more = operands
        bias = more[0] if more else None
        points = {INPUT: x_zero, FILTER: w_zero, OUTPUT: y_zero}
        scales = {INPUT: x_scale, FILTER: w_scale, OUTPUT: y_scale}
        rest = {f"{role}_scale": np.atleast_1d(scale).astype(np.float32) for role, scale in scales.items()}
    x, w = planes(image), planes(weights)
    kind = Kind(FORWARD, image.dtype.name, weights.dtype.name, test.wanted.dtype.name)
    rest |= {
        f"{role}_zero_point": np.atleast_1d(0 if point is None else point).astype(np.int32)
        for role, point in points.items()
    }
    geometry = geometry_of(test, channels_last(x).shape, hwio(w).shape, bias is not None)
    return kind, geometry, by_role((channels_last(x), hwio(w), bias)) | rest


def geometry_of(test: Test, image: tuple[int, ...], weights: tuple[int, ...], bias: bool) -> Geometry:
    """Return the geometry of a Conv with the node's attributes."""
    attributes = test.attributes
    strides, dilations = pair(test, "strides", (1, 1)), pair(test, "dilations", (1, 1))
    padding = attributes.get("auto_pad", b"NOTSET").decode()
    if padding not in (VALID, SAME_UPPER, SAME_LOWER):
        padding = EXPLICIT
    pads = explicit_pads(test) if padding == EXPLICIT else (0, 0, 0, 0)
    if padding in (SAME_UPPER, SAME_LOWER) and test.wanted.ndim == 3:
        # Written with a row, along which nothing is padded in any case.
        pads = (0, 0, *same_pads(image[2], weights[1], strides[1], dilations[1], padding == SAME_UPPER))
        padding = EXPLICIT
    return Geometry(image, weights, strides, dilations, padding, pads, int(attributes.get("group", 1)), bias)


def floating(operation: str, dtype: np.dtype) -> Kind:
    """Return an operation on tensors of one floating type."""
    if dtype.name not in FLOATS:
        raise NotOursError(f"tensors of {dtype.name}")
    return Kind.floating(operation, dtype.name)


def planes(values: NDArray) -> NDArray:
    """Return a tensor with two axes of an image: one of one axis is written with a row."""
    if values.ndim == 3:
        return values[:, :, None, :]
    if values.ndim != 4:
        raise NotOursError(f"{values.ndim - 2} axes of an image")
    return values


def pair(test: Test, name: str, default: tuple[int, int]) -> tuple[int, int]:
    """Return an attribute of the image's axes."""
    values = tuple(int(one) for one in test.attributes.get(name, default[-(test.wanted.ndim - 2) :]))
    return values if len(values) == 2 else (default[0], *values)


def explicit_pads(test: Test) -> tuple[int, int, int, int]:
    """Return (top, bottom, left, right) of `pads`, which lists every begin before every end."""
    pads = [int(one) for one in test.attributes.get("pads", [])]
    if len(pads) == 4:
        return (pads[0], pads[2], pads[1], pads[3])
    return (0, 0, *pads) if len(pads) == 2 else (0, 0, 0, 0)


def channels_last(values: NDArray) -> NDArray:
    """Return [batch, height, width, channels] of [batch, channels, height, width]."""
    return np.ascontiguousarray(values.transpose(0, 2, 3, 1))


def hwio(weights: NDArray) -> NDArray:
    """Return [height, width, channels, filters] of [filters, channels, height, width]."""
    return np.ascontiguousarray(weights.transpose(2, 3, 1, 0))


def difference(test: Test, case: Case, vector: Vector) -> tuple[str, bool]:
    """Return in words how a test's answer differs from the exact one, and whether its type's rounding explains that.

    Sums of K products in any order lie within K u of their magnitude; whole numbers are exact.
    """
    theirs, exact = channels_last(planes(test.wanted)), vector.datasets["expected"]
    if theirs.shape != exact.shape:
        return f"the answer has the shape {list(theirs.shape)}, the exact one {list(exact.shape)}", False
    wrong = theirs != exact.astype(theirs.dtype)
    if not wrong.any():
        return "", True
    error = np.abs(theirs.astype(np.float64) - exact)
    place = np.unravel_index(np.argmax(error), error.shape)
    farthest = f"{theirs[place]!s} at {[int(one) for one in place]}, exactly {exact[place]!s}"
    if not case.kind.is_floating:
        return f"{wrong.sum()} of {wrong.size} elements are wrong, farthest {farthest}", False
    unit = np.finfo(theirs.dtype).eps / 2 * vector.datasets["magnitude"].astype(np.float64)
    ratio = float(np.max(np.where(unit > 0, error, np.where(error > 0, np.inf, 0)) / np.where(unit > 0, unit, 1)))
    if ratio <= case.kind.products(case.geometry) + 1:
        return f"{wrong.sum()} of {wrong.size} elements are rounded otherwise, by {ratio:.2g} u M at most", True
    return f"{wrong.sum()} of {wrong.size} elements differ, by {ratio:.2g} u M at most, farthest {farthest}", False


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="Scripts/import_onnx",
        description="Write ONNX's tests of Conv, ConvTranspose, ConvInteger and QLinearConv as a golden suite, with "
        "the exact answer to each, and tell how far the published answers are from it.",
        epilog="u M: unit roundoff times magnitude. Exit status: 0 done; 1 a published answer is wrong, or no test is "
        "ours; 2 wrong usage.",
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="DIR",
        help="folders of NAME/model.onnx and NAME/test_data_set_0; default: the tests of the package onnx",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="where to write onnx.h5")
    options = parser.parse_args(arguments)
    try:
        tests = list(in_folders(options.folders) if options.folders else published())
        options.output.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        print(f"import_onnx: {error}", file=sys.stderr)
        return USAGE
    return write(tests, options.output)


def write(tests: list[Test], output: Path) -> int:
    """Write the suite of some tests, tell of it, and return the exit status."""
    left_out, vectors, differing, wrong = Counter(), {}, [], 0
    ours = [test for test in tests if is_convolution(test)]
    for test in ours:
        try:
            case = case_of(test)
            vector = build(SUITE, case)
        except NotOursError as reason:
            left_out[str(reason)] += 1
            continue
        except (CaseError, GeometryError) as reason:
            left_out[f"{test.name}: {reason}"] += 1
            continue
        vectors[case.name] = vector
        words, is_explained = difference(test, case, vector)
        wrong += not is_explained
        if words:
            differing.append(f"    {test.name}: {words}")
    same = len(vectors) - len(differing)
    print(
        f"{len(ours)} tests of {', '.join(OPERATORS)}; {len(vectors)} are ours; {same} have the exact answer, rounded"
    )
    for words in differing:
        print(words)
    for reason, count in sorted(left_out.items()):
        print(f"    left out: {reason}" + (f" ({count})" if count > 1 else ""))
    if not vectors:
        print("import_onnx: none of the tests is one of a 2-D convolution", file=sys.stderr)
        return FAILED
    attributes = {
        "suite": SUITE,
        "title": "ONNX's tests of convolutions",
        "description": f"The tests of {', '.join(OPERATORS)} that ONNX publishes, of two dimensions, and of one "
        "dimension with a row; the expected answers are exact.",
    }
    path = output / f"{SUITE}.h5"
    write_suite(path, attributes, [vectors[name] for name in sorted(vectors)])
    (output / MANIFEST).write_text(manifest(output), encoding="utf-8")
    print(f"wrote {path}")
    return FAILED if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
