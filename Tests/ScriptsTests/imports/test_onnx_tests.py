"""ONNX's tests as a golden suite: what is read, what is told of it, and what is not ours."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

ROOT = Path(__file__).resolve().parents[3]
RANDOM = np.random.default_rng(7)


def whole(*shape: int, dtype: str = "float32") -> NDArray:
    low = 0 if dtype == "uint8" else -9
    return RANDOM.integers(low, 10, shape).astype(dtype)


def save(
    folder: Path, name: str, operator: str, inputs: list[NDArray], change: Callable[[NDArray], object] | None = None,
    **attributes: object,
) -> None:  # fmt: skip
    """Write a test as ONNX publishes them; its answer is that of ONNX's own evaluator, changed or not."""
    types = {"int8": "int8", "uint8": "uint8"}.get(inputs[0].dtype.name, inputs[0].dtype.name)
    answer_type = {"ConvInteger": TensorProto.INT32}.get(operator, helper.np_dtype_to_tensor_dtype(np.dtype(types)))
    names = [f"x{place}" for place in range(len(inputs))]
    given = [
        helper.make_tensor_value_info(one, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape)
        for one, values in zip(names, inputs, strict=True)
    ]
    wanted = [helper.make_tensor_value_info("y", answer_type, None)]
    graph = helper.make_graph([helper.make_node(operator, names, ["y"], **attributes)], name, given, wanted)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)])
    answer = np.array(ReferenceEvaluator(model).run(None, dict(zip(names, inputs, strict=True)))[0])
    if change:
        change(answer)
    data = folder / name / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(model, folder / name / "model.onnx")
    for place, values in enumerate(inputs):
        (data / f"input_{place}.pb").write_bytes(numpy_helper.from_array(values).SerializeToString())
    (data / "output_0.pb").write_bytes(numpy_helper.from_array(answer).SerializeToString())


def imported(*arguments: object) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "golden.onnx_tests", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "Scripts")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "published"


def test_every_operator_agrees_with_the_exact_answer(source: Path, tmp_path: Path) -> None:
    image, output = whole(2, 4, 7, 6), whole(2, 4, 3, 5)
    save(source, "test_pads", "Conv", [image, whole(6, 4, 3, 2), whole(6)], pads=[1, 0, 2, 1], strides=[2, 1])
    save(source, "test_groups", "Conv", [image, whole(6, 2, 3, 2)], group=2, dilations=[2, 3])
    save(source, "test_upper", "Conv", [image, whole(3, 4, 2, 2)], auto_pad="SAME_UPPER", strides=[1, 2])
    save(source, "test_line", "Conv", [whole(2, 3, 9), whole(4, 3, 2)], pads=[1, 2], strides=[2])
    transposed = {"strides": [3, 2], "output_padding": [1, 0], "pads": [0, 1, 2, 0]}
    save(source, "test_transposed", "ConvTranspose", [output, whole(4, 3, 3, 2), whole(3)], **transposed)
    # More than one channel of a group is too much for ONNX's evaluator.
    groups = {"group": 4, "dilations": [2, 1]}
    save(source, "test_transposed_groups", "ConvTranspose", [output, whole(4, 1, 3, 2)], **groups)
    save(source, "test_transposed_line", "ConvTranspose", [whole(1, 2, 5), whole(2, 3, 4)], strides=[2])
    of_bytes = [whole(1, 3, 5, 5, dtype="uint8"), whole(2, 3, 3, 3, dtype="int8")]
    points = [np.array(3, np.uint8), np.array(-2, np.int8)]
    save(source, "test_integer", "ConvInteger", [*of_bytes, *points], pads=[1, 1, 1, 1])
    scales = [np.array(scale, np.float32) for scale in (0.03, 0.05, 0.7)]
    quantized = [of_bytes[0], scales[0], points[0], of_bytes[1], scales[1], points[1], scales[2], np.array(9, np.uint8)]
    save(source, "test_quantized", "QLinearConv", quantized)
    status, text = imported(source, "--output", tmp_path / "golden")
    assert "9 tests of Conv, ConvTranspose, ConvInteger, QLinearConv; 9 are ours; 9 have the exact answer" in text
    assert status == 0
    with h5py.File(tmp_path / "golden" / "onnx.h5") as file:
        assert sorted(file["cases"]) == sorted(f.name.removeprefix("test_").replace("_", "-") for f in source.iterdir())
        assert file["cases/pads/expected"].shape == (2, 4, 6, 6)
    assert (tmp_path / "golden" / "SHA256SUMS").read_text().endswith("  onnx.h5\n")


def test_rounding_is_told_from_a_wrong_answer(source: Path, tmp_path: Path) -> None:
    image, weights = (RANDOM.standard_normal(shape).astype(np.float32) for shape in ((1, 3, 6, 6), (2, 3, 3, 3)))

    def nudge(answer: NDArray) -> None:
        answer[0, 1, 2, 3] = np.nextafter(answer[0, 1, 2, 3], np.float32(np.inf))

    def spoil(answer: NDArray) -> None:
        answer[0, 1, 2, 3] += 1

    save(source, "test_rounded", "Conv", [image, weights], nudge)
    status, text = imported(source, "--output", tmp_path / "golden")
    assert status == 0
    assert "elements are rounded otherwise" in text
    save(source, "test_wrong", "Conv", [image, weights], spoil)
    status, text = imported(source, "--output", tmp_path / "golden")
    assert status == 1
    assert "test_wrong: " in text
    assert " u M at most, farthest " in text
    assert "at [0, 2, 3, 1], exactly " in text


def test_a_wrong_whole_number_is_told(source: Path, tmp_path: Path) -> None:
    of_bytes = [whole(1, 3, 5, 5, dtype="uint8"), whole(2, 3, 3, 3, dtype="int8")]
    save(source, "test_integer", "ConvInteger", of_bytes, lambda answer: answer.__iadd__(answer == answer.max()))
    status, text = imported(source, "--output", tmp_path / "golden")
    assert status == 1
    assert "test_integer: 1 of 18 elements are wrong, farthest " in text


def test_what_is_not_ours_is_counted(source: Path, tmp_path: Path) -> None:
    save(source, "test_ours", "Conv", [whole(1, 2, 5, 5), whole(2, 2, 3, 3)])
    for name in ("test_a", "test_b"):
        save(source, name, "Conv", [whole(1, 2, 5, 5, 5), whole(2, 2, 3, 3, 3)])
    save(source, "test_other", "Add", [whole(2, 2), whole(2, 2)])
    status, text = imported(source, "--output", tmp_path / "golden")
    assert (status, text.splitlines()[0].split("; ")[1]) == (0, "1 are ours")
    assert "left out: 3 axes of an image (2)" in text


def test_a_folder_without_tests_is_refused(tmp_path: Path) -> None:
    status, text = imported(tmp_path, "--output", tmp_path / "golden")
    assert (status, text) == (2, f"import_onnx: {tmp_path}: no NAME/model.onnx in it\n")
