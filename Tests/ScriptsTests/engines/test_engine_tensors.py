"""convcheck_engine's element types and operations, over real pipes: bytes, message fields, and wrong answers."""

import json

import numpy as np
import pytest
from pipe_runner import encoded
from test_engine_adapters import python_of

DTYPES = ["float64", "float32", "float16", "bfloat16", "int8", "uint8", "int32"]
# Numbers of each type at the ends of its range, written out so that nothing here is computed by what is tested.
BYTES = {
    "float64": ([-1.0, 1.7976931348623157e308], "000000000000f0bf ffffffffffffef7f"),
    "float32": ([-1.0, 1e-45], "000080bf 01000000"),
    "float16": ([-1.0, 65504.0, 2.0**-24], "00bc ff7b 0100"),
    "bfloat16": ([-1.0, 3.3895313892515355e38, 2.0**-133], "80bf 7f7f 0100"),
    "int8": ([-128, 127], "80 7f"),
    "uint8": ([0, 255], "00 ff"),
    "int32": ([-(2**31), 2**31 - 1], "00000080 ffffff7f"),
}
ALL = f'Capabilities(dtypes={DTYPES}, quantization=True, arithmetic="float32")'
GRADIENTS = """
def input_gradient(problem, output, filter, bias):
    return np.full(problem.answer.shape, problem.groups, problem.answer.dtype)
def filter_gradient(problem, input, output):
    return np.full(problem.answer.shape, input.size, problem.answer.dtype)
def bias_gradient(problem, output):
    return output.sum((0, 1, 2))
"""
FUNCTIONS = "input_gradient=input_gradient, filter_gradient=filter_gradient, bias_gradient=bias_gradient"


def tensor(dtype, *shape):
    """Whole numbers that each type has."""
    numbers = np.arange(np.prod(shape)).reshape(shape) % 100
    return numbers.astype("float32" if dtype == "bfloat16" else dtype)


def forward(dtype):
    return {"name": "output", "dtype": dtype}


def test_capabilities_name_types_and_quantization(engine):
    child = engine(
        "return input", arguments='"probe", "1", Capabilities(dtypes=["float16"], quantization=True)'
    ).greet()
    declared = child.hello["capabilities"]
    assert (declared["dtypes"], declared["quantization"]) == (["float16"], True)
    assert "operations" not in declared


@pytest.mark.parametrize("declared", ['dtypes=["float8"]', 'dtypes="float16"', "dtypes=[]"])
def test_a_type_that_the_runner_would_not_know_stops_the_engine_as_it_starts(engine, declared):
    child = engine("return input", arguments=f'"probe", "1", Capabilities({declared})')
    assert child.end() == 1
    assert "capability dtypes is" in child.stderr
    assert "float64, float32, float16, bfloat16, int8, uint8, int32" in child.stderr


def test_a_function_declares_its_operation(engine):
    child = engine("return input", GRADIENTS, f'"probe", {FUNCTIONS}').greet()
    everything = ["forward", "input-gradient", "filter-gradient", "bias-gradient"]
    assert child.hello["capabilities"]["operations"] == everything
    child = engine("return input", GRADIENTS, '"probe", filter_gradient=filter_gradient').greet()
    assert child.hello["capabilities"]["operations"] == ["forward", "filter-gradient"]


def test_an_engine_may_have_gradients_alone(engine):
    before = GRADIENTS + 'serve(None, "probe", bias_gradient=bias_gradient)\nsys.exit()\n'
    child = engine("return input", before).greet()
    assert child.hello["capabilities"]["operations"] == ["bias-gradient"]


def test_an_engine_of_no_function_is_none(engine):
    child = engine("return input", 'serve(None, "probe")')
    assert child.end() == 1
    assert "probe was given no function, expected one of forward, input-gradient" in child.stderr


@pytest.mark.parametrize("dtype", DTYPES)
def test_each_type_arrives_as_its_numbers_and_is_sent_as_its_bytes(engine, dtype):
    numbers, data = BYTES[dtype]
    body = f"""
    assert problem.dtypes == {{"input": {dtype!r}, "filter": {dtype!r}}}, problem.dtypes
    assert problem.dtype == {dtype!r}
    assert problem.answer == Answer("output", {dtype!r}), problem.answer
    assert input.ravel().tolist() == filter.ravel().tolist() == np.array({numbers}, input.dtype).tolist(), input
    assert input.dtype == np.dtype({"float32" if dtype == "bfloat16" else dtype!r})
    return input[..., ::-1]
    """
    with engine(body, arguments=f'"probe", "1", {ALL}').greet() as child:
        shape = [1, 1, 1, len(numbers)]
        described = [{"name": name, "dtype": dtype, "shape": shape} for name in ("input", "filter")]
        problem = {"strides": [1, 1], "dilations": [1, 1], "padding": "VALID", "pads": [0, 0, 0, 0], "groups": 1}
        problem |= {"input_layout": "NHWC", "filter_layout": "HWIO"}
        child.send({"type": "run", "id": 1, "problem": problem, "tensors": described, "answer": forward(dtype)})
        child.send_raw(2 * bytes.fromhex(data))
        line = child.process.stdout.readline()
        expected = {"name": "output", "dtype": dtype, "shape": shape}
        assert json.loads(line) == {"type": "result", "id": 1, "tensors": [expected]}
        backwards = b"".join(bytes.fromhex(number) for number in reversed(data.split()))
        assert child.process.stdout.read(len(backwards)) == backwards


def test_bfloat16_beyond_numbers_goes_both_ways(engine):
    with engine("return input", arguments=f'"probe", "1", {ALL}').greet() as child:
        data = bytes.fromhex("807f 80ff c07f c0ff 817f 0080")  # infinities, NaN quiet, negative and signalling, -0
        described = [{"name": "input", "dtype": "bfloat16", "shape": [1, 1, 1, 6]}]
        described += [{"name": "filter", "dtype": "bfloat16", "shape": [0, 1, 1, 1]}]
        problem = {"strides": [1, 1], "dilations": [1, 1], "padding": "VALID", "pads": [0, 0, 0, 0], "groups": 1}
        problem |= {"input_layout": "NHWC", "filter_layout": "HWIO"}
        child.send({"type": "run", "id": 1, "problem": problem, "tensors": described, "answer": forward("bfloat16")})
        child.send_raw(data)
        got = child.receive().output.ravel()
        assert got[:2].tolist() == [np.inf, -np.inf]
        assert np.isnan(got[2:5]).all()
        assert got[5] == 0
        assert np.signbit(got[5])


def test_bfloat16_arrays_of_ml_dtypes_are_taken(engine):
    python = python_of("onnxruntime")  # which comes with that library
    body = "return input.astype(ml_dtypes.bfloat16).transpose(0, 2, 1, 3)"
    with engine(body, "import ml_dtypes", f'"probe", "1", {ALL}', python).greet() as child:
        input = tensor("bfloat16", 1, 3, 2, 2)
        reply = child.ask({"input": input, "filter": input}, dtypes("bfloat16"), forward("bfloat16"))
        assert reply.message["tensors"][0]["dtype"] == "bfloat16"
        np.testing.assert_array_equal(reply.output, input.transpose(0, 2, 1, 3))


def dtypes(dtype, *names):
    return dict.fromkeys(names or ("input", "filter"), dtype)


@pytest.mark.parametrize(
    ("wanted", "returned", "complaint"),
    [
        ("float16", "input.astype(np.float32)", "returned an array of float32, expected float16"),
        ("float64", "input.astype(np.float32)", "returned an array of float32, expected float64"),
        ("int32", "input.astype(np.int64)", "returned an array of int64, expected int32"),
        ("uint8", "input.astype(np.int8)", "returned an array of int8, expected uint8"),
        ("bfloat16", "input.astype(np.float16)", "returned an array of float16, expected bfloat16 or float32"),
        (
            "bfloat16",
            "input + np.float32(1 / 3)",
            "returned 0.3333333432674408 at [0, 0, 0, 0], which is no bfloat16 (the nearest is 0.333984375)",
        ),
        ("float32", "input.tolist()", "returned list, expected numpy.ndarray"),
    ],
)
def test_an_answer_of_another_type_is_an_error_whatever_the_librarys_exceptions_mean(
    engine, wanted, returned, complaint
):
    arguments = f'"probe", "1", {ALL}, rejects=(TypeError,), unsupported=(ValueError,)'
    with engine(f"return {returned}", arguments=arguments).greet() as child:
        input = tensor(wanted, 1, 2, 2, 3)
        message = child.ask({"input": input, "filter": input}, dtypes(wanted), forward(wanted)).message
        assert message["type"] == "error"
        assert message["message"].startswith(f"TypeError: convolve {complaint}")


def test_a_gradients_function_is_named_where_it_answers_wrongly(engine):
    before = GRADIENTS.replace("output.sum((0, 1, 2))", "output.sum()")
    with engine("return input", before, f'"probe", {FUNCTIONS}').greet() as child:
        answer = {"name": "bias", "dtype": "float32", "shape": [3]}
        reply = child.ask({"output": tensor("float32", 1, 2, 2, 3)}, answer=answer, operation="bias-gradient")
        assert reply.message["message"] == "TypeError: bias_gradient returned float32, expected numpy.ndarray"


def test_every_gradient_is_given_its_operands_and_names_its_answer(engine):
    with engine("return input", GRADIENTS, f'"probe", {FUNCTIONS}').greet() as child:
        image, filter, output = (tensor("float32", *shape) for shape in ((2, 5, 4, 3), (2, 3, 3, 6), (2, 4, 2, 6)))
        answer = {"name": "input", "dtype": "float32", "shape": image.shape}
        reply = child.ask({"output": output, "filter": filter}, answer=answer, operation="input-gradient", groups=7)
        assert reply.message["tensors"] == [{"name": "input", "dtype": "float32", "shape": [2, 5, 4, 3]}]
        np.testing.assert_array_equal(reply.output, np.full(image.shape, 7))
        answer = {"name": "filter", "dtype": "float32", "shape": filter.shape}
        reply = child.ask({"input": image, "output": output}, answer=answer, operation="filter-gradient")
        assert reply.message["tensors"] == [{"name": "filter", "dtype": "float32", "shape": [2, 3, 3, 6]}]
        np.testing.assert_array_equal(reply.output, np.full(filter.shape, image.size))
        answer = {"name": "bias", "dtype": "float32", "shape": [6]}
        reply = child.ask({"output": output}, answer=answer, operation="bias-gradient")
        assert reply.message["tensors"] == [{"name": "bias", "dtype": "float32", "shape": [6]}]
        np.testing.assert_array_equal(reply.output, output.sum((0, 1, 2)))


def test_the_bias_of_an_input_gradient_is_given_where_there_is_one(engine):
    before = GRADIENTS.replace("problem.groups", "-1 if bias is None else bias.sum()")
    with engine("return input", before, f'"probe", {FUNCTIONS}').greet() as child:
        operands = {"output": tensor("float32", 1, 2, 2, 3), "filter": tensor("float32", 1, 1, 3, 3)}
        answer = {"name": "input", "dtype": "float32", "shape": [1, 2, 2, 3]}
        for bias, number in ((None, -1), (np.float32([1, 2, 3]), 6)):
            given = operands if bias is None else operands | {"bias": bias}
            reply = child.ask(given, answer=answer, operation="input-gradient")
            np.testing.assert_array_equal(reply.output, np.full((1, 2, 2, 3), number))


def test_a_gradient_of_another_shape_is_sent_as_it_is_for_the_runner_to_judge(engine):
    before = GRADIENTS.replace("output.sum((0, 1, 2))", "output.sum((1, 2))")
    with engine("return input", before, f'"probe", {FUNCTIONS}').greet() as child:
        answer = {"name": "bias", "dtype": "float32", "shape": [3]}
        reply = child.ask({"output": tensor("float32", 2, 2, 2, 3)}, answer=answer, operation="bias-gradient")
        assert reply.message["tensors"] == [{"name": "bias", "dtype": "float32", "shape": [2, 3]}]


def test_zero_points_and_scales_arrive_by_role(engine):
    body = """
    assert {name: (value.dtype.name, value.tolist()) for name, value in problem.zero_points.items()} == {
        "input": ("int32", [-3]), "filter": ("int32", [0, 255, 1]), "output": ("int32", [7])}
    assert {name: (value.dtype.name, value.tolist()) for name, value in problem.scales.items()} == {
        "input": ("float32", [0.5]), "filter": ("float32", [1.0, 0.25, 3.0]),
        "output": ("float32", [0.10000000149011612])}
    assert problem.dtypes == {"input": "int8", "filter": "uint8", "bias": "int32"}
    assert bias.dtype == np.int32 and bias.tolist() == [1, -2, 3]
    return input.view(np.uint8)
    """
    # The answers' int32 is not declared: a quantized bias has it all the same.
    declared = 'Capabilities(dtypes=["int8", "uint8"], quantization=True)'
    with engine(body, arguments=f'"probe", "1", {declared}').greet() as child:
        operands = {"input": tensor("int8", 1, 2, 2, 1), "filter": tensor("uint8", 1, 1, 1, 3)}
        reply = child.ask(
            operands | {"bias": np.int32([1, -2, 3])},
            answer=forward("uint8"),
            zero_points={"input": [-3], "filter": [0, 255, 1], "output": [7]},
            scales={"input": [0.5], "filter": [1, 0.25, 3], "output": [0.1]},
        )
        assert reply.message["type"] == "result", reply.message


def test_without_zero_points_and_scales_there_are_none(engine):
    with engine("assert problem.zero_points == problem.scales == {}; return input").greet() as child:
        input = tensor("float32", 1, 2, 2, 1)
        assert child.run(input, input).message["type"] == "result"


SHAPED = {"name": "input", "dtype": "float32", "shape": [1, 1, 1, 1]}
INPUT_GRADIENT, FILTER_GRADIENT = {"operation": "input-gradient"}, {"operation": "filter-gradient"}
FORWARD_OPERANDS = "expected input, filter and, where there is one, bias"


@pytest.mark.parametrize(
    ("operands", "answer", "changes", "complaint"),
    [
        ("input filter", None, {"operation": "backward"}, "operation is 'backward', expected one of forward, input-"),
        ("output filter", None, INPUT_GRADIENT, "answer is None, expected dtype, name, shape for input-gradient"),
        (
            "output filter",
            {"name": "input"},
            INPUT_GRADIENT,
            "answer is {'name': 'input'}, expected dtype, name",
        ),
        ("output filter", SHAPED | {"name": "bias"}, INPUT_GRADIENT, "answer is named 'bias', expected input"),
        ("output filter", SHAPED | {"dtype": "float8"}, INPUT_GRADIENT, "answer is of 'float8', expected one of"),
        ("output filter", SHAPED | {"shape": [1]}, INPUT_GRADIENT, "answer has shape [1], expected 4 sizes"),
        ("input filter", SHAPED, {}, "answer is named 'input', expected output for forward"),
        ("input filter", SHAPED, INPUT_GRADIENT, FORWARD_OPERANDS.replace("input", "output")),
        ("output filter", SHAPED | {"name": "filter"}, FILTER_GRADIENT, "expected input, output"),
        ("input output bias", SHAPED | {"name": "filter"}, FILTER_GRADIENT, "expected input, output"),
        ("output", forward("float32"), {}, FORWARD_OPERANDS),
        ("input filter", None, {"zero_points": [1]}, "zero_points is [1], expected lists by role"),
        ("input filter", None, {"zero_points": {"bias": [1]}}, "zero_points is {'bias': [1]}, expected lists by role"),
        ("input filter", None, {"zero_points": {"input": []}}, "zero_points of input are [], expected a list of int"),
        ("input filter", None, {"zero_points": {"input": [256]}}, "zero_points of input are [256], expected a list"),
        ("input filter", None, {"zero_points": {"input": [0.5]}}, "zero_points of input are [0.5], expected a list"),
        ("input filter", None, {"scales": {"input": [0]}}, "scales of input are [0], expected a list of numbers above"),
        ("input filter", None, {"scales": {"input": [True]}}, "scales of input are [True], expected"),
        ("input filter", None, {"scales": {"input": ["1"]}}, "scales of input are ['1'], expected"),
        ("input filter", None, {"scales": {"input": [float("inf")]}}, "scales of input are [inf], expected"),
    ],
)
def test_a_message_that_does_not_fit_its_operation_ends_the_engine_with_a_word(
    engine, operands, answer, changes, complaint
):
    child = engine("return input", GRADIENTS, f'"probe", "1", {ALL}, {FUNCTIONS}').greet()
    arrays = {name: tensor("float32", *([1] if name == "bias" else [1, 1, 1, 1])) for name in operands.split()}
    with pytest.raises(AssertionError, match="the engine ended: 1"):
        child.ask(arrays, answer=answer, **changes)
    assert complaint in child.stderr


def test_a_type_that_is_not_declared_ends_the_engine_with_a_word(engine):
    child = engine("return input", arguments='"probe", "1", Capabilities(dtypes=["float16", "bfloat16"])').greet()
    with pytest.raises(AssertionError):
        child.ask({"input": tensor("float32", 1, 1, 1, 1)}, answer=forward("float16"))
    child = engine("return input", arguments='"probe", "1", Capabilities(dtypes=["float16", "bfloat16"])').greet()
    operands = {"input": tensor("float32", 1, 1, 1, 1), "filter": tensor("float32", 1, 1, 1, 1)}
    with pytest.raises(AssertionError, match="input is of 'float32', expected one of float16, bfloat16"):
        child.ask(operands, answer=forward("float16"))


def test_rounding_to_bfloat16_is_to_the_nearest_and_halves_to_the_even(engine):
    body = """
    numbers = [1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-20, 3.4e38, -3.4e38, np.nan, 1e-45]
    # A NaN of ones must not be carried over into a zero.
    largest = np.array([0x7FFFFFFF], np.uint32).view(np.float32)
    return round_to_bfloat16(np.concatenate([np.float32(numbers), largest])[None, None, None])
    """
    with engine(body, arguments=f'"probe", "1", {ALL}').greet() as child:
        input = tensor("bfloat16", 1, 1, 1, 1)
        got = child.ask({"input": input, "filter": input}, dtypes("bfloat16"), forward("bfloat16")).output.ravel()
        expected = [1, 1 + 2**-6, 1 + 2**-7, np.inf, -np.inf, np.nan, 0, np.nan]
        np.testing.assert_array_equal(got, np.float32(expected))


def test_output_padding_is_what_lies_beyond_the_last_window(engine):
    before = """
    def input_gradient(problem, output, filter, bias):
        rows, columns = output_padding(problem, output, filter)
        return np.full(problem.answer.shape, 10 * rows + columns, np.float32)
    """
    with engine("return input", before, '"probe", input_gradient=input_gradient').greet() as child:
        # 3 rows of windows of reach 3 at stride 3 leave 2 of 11, and a pad of 1 above makes them 3: one more window.
        operands = {"output": tensor("float32", 2, 3, 4, 6), "filter": tensor("float32", 2, 1, 1, 6)}
        answer = {"name": "input", "dtype": "float32", "shape": [2, 11, 8, 3]}
        words = {"operation": "input-gradient", "strides": [3, 2], "dilations": [2, 1], "groups": 3}
        assert child.ask(operands, answer=answer, **words).output[0, 0, 0, 0] == 21
        for changes in ({"pads": [1, 0, 0, 0]}, {"pads": [0, 0, 0, 1]}, {"groups": 2}, {"strides": [0, 1]}):
            message = child.ask(operands, answer=answer, **words | changes).message
            assert message["type"] == "rejected"
            assert message["reason"] == "no convolution of shape (2, 11, 8, 3) has an output of shape (2, 3, 4, 6)"


@pytest.mark.parametrize(
    ("layouts", "input", "filter", "expected"),
    [
        # 9 rows and pads of 1 and 3 under a reach of 4, at stride 2; 8 columns under a reach of 2, at stride 3.
        (["NHWC", "HWIO"], [2, 9, 8, 6], [2, 2, 3, 4], [2, 5, 3, 4]),
        (["NCHW", "OIHW"], [2, 6, 9, 8], [4, 3, 2, 2], [2, 4, 5, 3]),
        (["NHWC", "OHWI"], [2, 9, 8, 6], [4, 2, 2, 3], [2, 5, 3, 4]),
        (["NCHW", "HWOI"], [0, 6, 9, 8], [2, 2, 4, 3], [0, 4, 5, 3]),
    ],
)
def test_the_shape_of_the_output_is_said_in_every_layout(engine, layouts, input, filter, expected):
    body = "return np.float32(output_shape(problem, input.shape, filter.shape))[None, None, None]"
    declared = f"Capabilities({layouts[:1]}, {layouts[1:]})"
    with engine(body, arguments=f'"probe", "1", {declared}').greet() as child:
        words = {"strides": [2, 3], "dilations": [3, 1], "pads": [1, 3, 0, 0], "groups": 2}
        operands = tensor("float32", *input), tensor("float32", *filter)
        assert child.run(*operands, **words).output.ravel().tolist() == expected


INVALID = {
    "strides, dilations, groups and the kernel's sizes are at least 1": [
        {"strides": [1, 0]}, {"dilations": [0, 1]}, {"groups": 0}, {"filter": [2, 0, 4, 6]},
    ],
    "the channels of input and filter disagree": [{"groups": 2}, {"filter": [2, 3, 2, 7], "groups": 2}],
    "the filter is larger than the padded input": [{"filter": [6, 3, 4, 6]}, {"dilations": [1, 3]}],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "changes"), [(reason, one) for reason, many in INVALID.items() for one in many])
def test_where_there_is_no_output_its_shape_is_rejected(engine, reason, changes):
    body = "return np.zeros(output_shape(problem, input.shape, filter.shape), np.float32)"
    with engine(body).greet() as child:
        input, filter = tensor("float32", 1, 5, 6, 4), tensor("float32", *changes.get("filter", [2, 3, 4, 6]))
        words = {name: value for name, value in changes.items() if name != "filter"}
        message = child.run(input, filter, **words).message
        assert (message["type"], message.get("reason")) == ("rejected", reason)


def test_same_on_an_image_without_rows_has_an_output_without_rows(engine):
    body = "return np.zeros(output_shape(problem, input.shape, filter.shape), np.float32)"
    with engine(body).greet() as child:
        operands = tensor("float32", 2, 0, 4, 3), tensor("float32", 2, 2, 3, 5)
        assert child.run(*operands, padding="SAME_UPPER", pads=[0, 1, 0, 1]).output.shape == (2, 0, 4, 5)
        assert child.run(*operands, padding="EXPLICIT", pads=[0, 1, 0, 1]).message["type"] == "rejected"


# Sizes that fit each other, in two groups at stride 1 without pads.
SIZES = {"input": [2, 5, 4, 6], "filter": [2, 3, 3, 4], "output": [2, 4, 2, 4]}
FITTING = {
    "forward": {"input": SIZES["input"], "filter": SIZES["filter"], "bias": [4]},
    "input-gradient": {"output": SIZES["output"], "filter": SIZES["filter"], "bias": [6], "answer": SIZES["input"]},
    "filter-gradient": {"input": SIZES["input"], "output": SIZES["output"], "answer": SIZES["filter"]},
    "bias-gradient": {"output": SIZES["output"], "answer": [4]},
}
# One size of one of them changed, so that they do not.
UNFITTING = {
    "forward": [{"bias": [6]}, {"filter": [2, 3, 3, 5]}, {"input": [2, 5, 4, 3]}],
    "input-gradient": [
        {"bias": [4]}, {"output": [2, 4, 2, 6]},
        {"answer": [3, 5, 4, 6]}, {"answer": [2, 6, 4, 6]}, {"answer": [2, 5, 5, 6]}, {"answer": [2, 5, 4, 3]},
    ],
    "filter-gradient": [
        {"output": [1, 4, 2, 4]}, {"output": [2, 3, 2, 4]}, {"output": [2, 4, 3, 4]},
        {"answer": [3, 3, 3, 4]}, {"answer": [2, 2, 3, 4]}, {"answer": [2, 3, 2, 4]}, {"answer": [2, 3, 3, 6]},
    ],
    "bias-gradient": [{"answer": [2]}, {"output": [2, 4, 2, 2]}],
}  # fmt: skip


@pytest.fixture
def shaped(engine):
    """Ask an engine whose answers have the shape that `answer_shape` says, at sizes of operands and `answer`."""
    before = """
    def shaped(problem, *operands):
        return np.zeros(answer_shape(problem, *operands), np.float32)
    input_gradient = filter_gradient = bias_gradient = shaped
    """
    child = engine("return shaped(problem, input, filter, bias)", before, f'"probe", {FUNCTIONS}').greet()

    def ask(operation, answer=None, **sizes):
        name = {"input-gradient": "input", "filter-gradient": "filter", "bias-gradient": "bias"}.get(operation)
        wanted = {"name": name, "dtype": "float32", "shape": answer} if name else None
        operands = {role: tensor("float32", *shape) for role, shape in sizes.items()}
        return child.ask(operands, answer=wanted, operation=operation, groups=2)

    return ask


@pytest.mark.parametrize(("operation", "sizes"), FITTING.items(), ids=FITTING)
def test_the_shape_of_the_answer_is_said_where_all_sizes_fit(shaped, operation, sizes):
    expected = tuple(sizes.get("answer", SIZES["output"]))
    assert shaped(operation, **sizes).output.shape == expected
    without = {role: shape for role, shape in sizes.items() if role != "bias"}
    assert shaped(operation, **without).output.shape == expected
    for changes in UNFITTING[operation]:
        assert shaped(operation, **sizes | changes).message["type"] == "rejected", changes


def test_sizes_that_do_not_fit_are_told(shaped):
    words = "the output has shape (2, 4, 3, 4), expected (2, 4, 2, 4)"
    assert shaped("filter-gradient", **FITTING["filter-gradient"] | {"output": [2, 4, 3, 4]}).message["reason"] == words
    words = "the bias has shape (4,), expected one number for each of 6 channels"
    assert shaped("input-gradient", **FITTING["input-gradient"] | {"bias": [4]}).message["reason"] == words


@pytest.mark.parametrize(
    ("pads", "expected"),
    [([3, 1, 2, 2], [1, 2, 2, 0, 0, 0]), ([0, 4, 1, 6], [0, 1, 0, 4, 0, 5]), ([-2, 1, 3, -1], [-2, -1, 0, 3, 4, 0])],
)
def test_pads_are_divided_into_what_both_sides_have_and_what_one_has_over(engine, pads, expected):
    body = "return np.float32(sum(symmetric_pads(problem), ()))[None, None, None]"
    with engine(body, arguments='"probe", "1", Capabilities(negative_pads=True)').greet() as child:
        operands = tensor("float32", 1, 1, 1, 1), tensor("float32", 1, 1, 1, 1)
        assert child.run(*operands, padding="EXPLICIT", pads=pads).output.ravel().tolist() == expected


@pytest.mark.parametrize(("layout", "shape"), [("NHWC", (2, 1, 1, 3)), ("NCHW", (2, 3, 1, 1))])
def test_a_bias_is_spread_along_channels_and_no_other_axis(engine, layout, shape):
    body = f"""
    zeros = np.zeros({shape}, np.float32)
    return zeros + along_channels(problem, bias, zeros.shape)
    """
    with engine(body, arguments=f'"probe", "1", Capabilities(["{layout}"])').greet() as child:
        operands = tensor("float32", 1, 1, 1, 1), tensor("float32", 1, 1, 1, 3)
        output = child.run(*operands, np.float32([5, 6, 7])).output
        assert output.shape == shape
        assert output.ravel().tolist() == [5, 6, 7, 5, 6, 7]
        message = child.run(*operands, np.float32([5])).message
        assert message["type"] == "rejected"
        assert message["reason"] == "the bias has shape (1,), expected one number for each of 3 channels"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_bias_that_would_be_added_to_rounded_sums_is_unsupported(engine, dtype):
    body = """
    check_added_bias(problem, bias, "mylibrary")
    return input
    """
    with engine(body, arguments=f'"probe", "1", {ALL}').greet() as child:
        operands = {"input": tensor(dtype, 1, 1, 1, 1), "filter": tensor(dtype, 1, 1, 1, 1)}
        assert child.ask(operands, dtypes(dtype), forward(dtype)).message["type"] == "result"
        operands |= {"bias": tensor(dtype, 1)}
        message = child.ask(operands, dtypes(dtype, *operands), forward(dtype)).message
        assert message["type"] == ("unsupported" if "16" in dtype else "result")
        assert message.get("reason", "mylibrary").startswith("mylibrary")


def test_encoded_is_what_the_protocol_says():
    for dtype, (numbers, data) in BYTES.items():
        assert encoded(np.array(numbers), dtype) == bytes.fromhex(data)
