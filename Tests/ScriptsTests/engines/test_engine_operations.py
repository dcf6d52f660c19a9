"""The adapters in every element type and operation, against the definition on random problems."""

import re
import sys
from pathlib import Path

import definition
import numpy as np
import pytest
from definition import as_nhwc, laid_out
from pipe_runner import ENGINES, Engine
from random_problem import FLOATS, random_problem, whole_numbers
from test_engine_adapters import python_of

OPERATIONS = ["forward", "input-gradient", "filter-gradient", "bias-gradient"]
COUNT = 24

# What each library computes in floating point. Where it says that it does not, it is one of the others.
COMPUTED = {
    "numpy": [(operation, dtype) for operation in OPERATIONS for dtype in FLOATS],
    "onnxruntime": [(operation, dtype) for operation in OPERATIONS[:2] for dtype in ("float32", "float16")],
    "pytorch": [(operation, dtype) for operation in OPERATIONS for dtype in ("float32", "float64")],
}
# Which operations PyTorch has for bfloat16, and whether it adds in float32 there, depends on the processor.
BY_PROCESSOR = ("pytorch", "bfloat16")
# ONNX has no words for SAME with dilations that ONNX Runtime takes, nor for a zero point a filter of ConvInteger.
NOT_TAKEN = ("Dilation not supported for AutoPadType", "Non per-tensor quantization is not supported")


@pytest.fixture(scope="module", params=COMPUTED)
def engine(request):
    # Of PyTorch's engines for quantized problems the one that is in all its builds.
    arguments = ["--qnnpack"] if request.param == "pytorch" else []
    with Engine(python_of(request.param), ENGINES / f"{request.param}_engine.py", *arguments).greet() as child:
        yield child


def ask(engine, operands, answer, dtypes, words):
    """Send NHWC and HWIO operands in the engine's preferred layouts, and return the reply in NHWC or HWIO again."""
    capabilities = engine.hello["capabilities"]
    image = capabilities["input_layouts"][0]
    layouts = {"input": image, "output": image, "filter": capabilities["filter_layouts"][0]}

    def wanted(name, array):
        return laid_out(array, layouts[name]) if name in layouts else array

    if "shape" in answer:
        answer = answer | {"shape": wanted(answer["name"], np.empty(answer["shape"], np.int8)).shape}
    sent = {name: wanted(name, array) for name, array in operands.items()}
    reply = engine.ask(sent, dtypes, answer, **words)
    if reply.output is not None and answer["name"] in layouts:
        reply.output = as_nhwc(reply.output, layouts[answer["name"]])
    return reply


def task(random, operation, dtype, draw=whole_numbers, bias=None):
    """The operands of a random problem, the answer that is wanted, its definition, and the problem's words."""
    problem = random_problem(random)
    words, shapes = problem.words, {"input": problem.input, "filter": problem.filter, "output": problem.output}
    shapes["bias"] = (problem.input[3] if operation == "input-gradient" else problem.filter[3],)
    names = {
        "forward": (["input", "filter", "bias"], "output"),
        "input-gradient": (["output", "filter", "bias"], "input"),
        "filter-gradient": (["input", "output"], "filter"),
        "bias-gradient": (["output"], "bias"),
    }
    operands = {name: draw(random, shapes[name], dtype) for name in names[operation][0]}
    if random.random() < 0.5 if bias is None else not bias:
        operands.pop("bias", None)
    name = names[operation][1]
    answer = {"name": name, "dtype": dtype} | ({} if operation == "forward" else {"shape": shapes[name]})
    expected = {
        "forward": lambda: definition.convolution(**operands, **words),
        "input-gradient": lambda: definition.input_gradient(**operands, shape=shapes["input"], **words),
        "filter-gradient": lambda: definition.filter_gradient(**operands, shape=shapes["filter"], **words),
        "bias-gradient": lambda: definition.exact(operands["output"]).sum((0, 1, 2)),
    }[operation]()
    return operands, answer, expected, words | {"padding": problem.padding, "operation": operation}


def check(engine, operands, answer, expected, words, dtypes, computed=True, allowed=0):
    """Compare what the engine answers with what is expected, unless it honestly says that it does not compute this."""
    reply = ask(engine, operands, answer, dtypes, words)
    if reply.message["type"] == "unsupported":
        assert not computed or any(words in reply.message["reason"] for words in NOT_TAKEN), reply.message
        return False
    transposed = (engine.hello["engine"]["name"], answer["name"], "bias" in operands) == ("pytorch", "input", True)
    if transposed and answer["dtype"] == "bfloat16" and (reply.output is None or reply.output.shape != expected.shape):
        return False  # PyTorch 1.13 takes conv_transpose2d for conv2d here.
    assert reply.output is not None, (reply.message, words)
    [described] = reply.message["tensors"]
    assert (described["name"], described["dtype"]) == (answer["name"], answer["dtype"])
    assert reply.output.shape == expected.shape
    assert np.all(abs(reply.output.astype(expected.dtype) - expected) <= allowed), (words, reply.output, expected)
    return True


def declares(engine, operation, *dtypes):
    """Whether the runner would ask for it."""
    declared = engine.hello["capabilities"]
    listed = declared.get("dtypes", ["float32"])
    return operation in declared.get("operations", ["forward"]) and set(dtypes) <= set(listed)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_the_definition_in_every_type(engine, operation, dtype):
    computed = (operation, dtype) in COMPUTED[engine.hello["engine"]["name"]]
    if not declares(engine, operation, dtype):
        assert not computed
        return
    random = np.random.default_rng([OPERATIONS.index(operation), FLOATS.index(dtype)])
    answered = 0
    for _ in range(COUNT):
        operands, answer, expected, words = task(random, operation, dtype)
        answered += check(engine, operands, answer, expected, words, dict.fromkeys(operands, dtype), computed)
    assert answered > COUNT / 2 or not computed


def real_numbers(random, shape, dtype):
    """Numbers with all the digits of the type, around 1."""
    numbers = random.uniform(-2, 2, shape)
    if dtype == "bfloat16":
        return (numbers.astype(np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32)
    return numbers.astype(dtype)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_as_precise_as_its_type(engine, operation, dtype):
    name = engine.hello["engine"]["name"]
    computed = (operation, dtype) in COMPUTED[name]
    if not declares(engine, operation, dtype):
        assert not computed
        return
    if (name, dtype) == BY_PROCESSOR:
        return
    digits = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}[dtype]
    random = np.random.default_rng([9, OPERATIONS.index(operation), FLOATS.index(dtype)])
    for _ in range(COUNT // 4):
        operands, answer, expected, words = task(random, operation, dtype, real_numbers)
        # Sums of at most 400 products of at most 4, in float32 or better, rounded once to the type.
        allowed = 2.0**-digits * abs(expected) + 44 * 2.0 ** -max(digits, 24) * 1600
        check(engine, operands, answer, expected, words, dict.fromkeys(operands, dtype), computed, allowed)


@pytest.mark.parametrize("per_filter", [False, True], ids=["one zero point", "one a filter"])
@pytest.mark.parametrize("filter_type", ["int8", "uint8"])
@pytest.mark.parametrize("input_type", ["int8", "uint8"])
def test_sums_of_integers_are_the_definition(engine, input_type, filter_type, per_filter):
    name = engine.hello["engine"]["name"]
    if not declares(engine, "forward", input_type, filter_type, "int32"):
        assert name == "pytorch"
        return
    random = np.random.default_rng([1, input_type == "int8", filter_type == "int8", per_filter])
    for _ in range(COUNT // 4):
        operands, _, _, words = task(random, "forward", "float32", bias=False)
        operands, zeros, expected = integers(random, operands, words, input_type, filter_type, per_filter)
        words |= {"zero_points": {name: values.tolist() for name, values in zeros.items()}}
        answer = {"name": "output", "dtype": "int32"}
        check(engine, operands, answer, expected, words, {"input": input_type, "filter": filter_type})


def integers(random, operands, words, input_type, filter_type, per_filter):
    """Integer operands in the place of others, zero points, and the exact sums."""
    input = middle_numbers(random, operands["input"].shape, input_type)
    filter = middle_numbers(random, operands["filter"].shape, filter_type)
    count = filter.shape[3] if per_filter else 1
    zeros = {"input": middle_numbers(random, (1,), input_type), "filter": whole_numbers(random, (count,), filter_type)}
    forward = {key: words[key] for key in ("strides", "dilations", "pads", "groups")}
    shifted = [array.astype(np.int64) - zeros[name] for name, array in (("input", input), ("filter", filter))]
    return {"input": input, "filter": filter}, zeros, definition.convolution(*shifted, **forward)


def middle_numbers(random, shape, dtype):
    """The middle half of the type: on some processors ONNX Runtime adds two products of others in 16 bits."""
    middle = {"int8": 0, "uint8": 128}[dtype]
    return random.integers(middle - 64, middle + 64, shape).astype(dtype)


# Types of input, filter and output that the libraries have for quantized problems.
QUANTIZED = {
    "numpy": [(a, b, c) for a in ("int8", "uint8") for b in ("int8", "uint8") for c in ("int8", "uint8")],
    "onnxruntime": [("int8", "int8", "int8"), ("uint8", "int8", "uint8"), ("uint8", "uint8", "uint8")],
    "pytorch": [("uint8", "int8", "uint8")],
}


@pytest.mark.parametrize("per_filter", [False, True], ids=["one scale", "one a filter"])
@pytest.mark.parametrize("types", QUANTIZED["numpy"], ids="-".join)
def test_quantized_answers_are_the_definition(engine, types, per_filter):
    computed = types in QUANTIZED[engine.hello["engine"]["name"]]
    assert engine.hello["capabilities"]["quantization"] is True
    random = np.random.default_rng([2, QUANTIZED["numpy"].index(types), per_filter])
    for _ in range(COUNT // 4):
        operands, _, _, words = task(random, "forward", "float32")
        bias = random.integers(-2000, 2000, operands["bias"].shape).astype("int32") if "bias" in operands else None
        operands, zeros, sums = integers(random, operands, words, *types[:2], per_filter)
        sums, count = sums if bias is None else sums + bias, operands["filter"].shape[3] if per_filter else 1
        # An odd denominator, so that no value is close to a tie: multipliers of float32 give the same then.
        scales = {"input": np.float32([1 / 64]), "filter": np.float32(2.0 ** random.integers(-6, -3, count))}
        scales["output"] = np.float32([int(random.choice([3, 5, 7, 11, 13])) / 8])
        zeros["output"] = whole_numbers(random, (1,), types[2])
        expected = definition.quantized(sums, scales, zeros["output"][0], types[2])
        words |= {"zero_points": {name: values.tolist() for name, values in zeros.items()}}
        words |= {"scales": {name: values.tolist() for name, values in scales.items()}}
        operands |= {} if bias is None else {"bias": bias}
        dtypes = {"input": types[0], "filter": types[1]}
        check(engine, operands, {"name": "output", "dtype": types[2]}, expected, words, dtypes, computed)


# What the README's engine imports, with the definition's numbers.
LIBRARY = """
import numpy as np
import definition

def words(strides, pads, dilations):
    return {"strides": strides, "pads": pads, "dilations": dilations}

def conv2d(*arguments):
    raise AssertionError("not asked for")

def conv2d_input(shape, filter, output, *rest):
    return definition.input_gradient(output, filter, shape, **words(*rest)).astype(np.float32)

def conv2d_weight(input, shape, output, *rest):
    return definition.filter_gradient(input, output, shape, **words(*rest)).astype(np.float32)
"""


def test_the_gradients_work_as_they_stand_in_the_readme(engine_of_readme):
    random = np.random.default_rng(5)
    for operation in OPERATIONS[1:]:
        while True:
            operands, answer, expected, words = task(random, operation, "float32", bias=False)
            if words["groups"] == 1:
                break
        assert check(engine_of_readme, operands, answer, expected, words, dict.fromkeys(operands, "float32"))


@pytest.fixture
def engine_of_readme(tmp_path):
    section = (ENGINES / "README.md").read_text().split("\n### Gradients and other types\n")[1]
    functions = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    folders = [str(ENGINES), str(Path(__file__).parent)]
    (tmp_path / "mylibrary.py").write_text(LIBRARY)
    begin = f"import sys\nsys.path += {folders}\nfrom convcheck_engine import serve\nimport mylibrary\n"
    (tmp_path / "example.py").write_text(begin + "convolve = mylibrary.conv2d\n" + functions)
    with Engine(sys.executable, tmp_path / "example.py").greet() as child:
        yield child
