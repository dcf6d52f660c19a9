"""Every reported fault has its cases, with neighbours; what is too large for any says so."""

from functools import cache

import pytest
from golden import suites
from golden.pages import readme_reports
from golden.problem.geometry import Geometry
from golden.suites import networks, regressions, reports
from golden.suites.network_blocks import (
    EFFICIENTNET,
    EFFICIENTNET_STAGES,
    MOBILENET,
    MOBILENET_STAGES,
    inverted_residuals,
)
from golden.suites.network_layer import Layer
from golden.suites.network_layers import resnet, vgg
from golden.vectors.case import Case

FORWARD = """
    pytorch#180984 pytorch#192212 pytorch#82060 pytorch#1246 pytorch#18948 candle#3735 candle#3736 candle#3836
    candle#3853 executorch#22951 modular#6712 pytorch#19912 pytorch#50042 burn#3415 burn#4727 modular#6129
    rocm-libraries#4998 openxla/xla#49123 onnxruntime#26734 root#21793 tensorflow#1991 tensorflow#17654 mlx#2038
    coremltools#2515 oneDNN#5080 burn#2676 XNNPACK#958 onnxruntime#26215 openvino#33681 FBGEMM#395 XNNPACK#10453
    tinygrad#14294 tensorflow#56498 tensorflow#19992 ncnn#315 tflite-micro#1646 tflite-micro#2319 armnn#133
    pytorch#53178 tinygrad#14115 pytorch#21597 burn#5626 cubek#519 ncnn#1384 TNN#394 ggml#274 mlx#2504
    llama.cpp#14789 tvm#7090 tvm#4260 pytorch#163347 onnxruntime#27749 tensorflow#9870 pytorch#129207 mlx#3893
    rocm-libraries#10198 burn#5385 oneDNN#5717 mace#345 tensorflow#60315 ComputeLibrary#395 mlx#1882 tensorflow#238
    tensorflow#42208 pytorch#91558 Paddle#76955 XNNPACK#11118
"""
OF_GRADIENTS = ["mlx#3800", "composable_kernel#2478", "mlx#833", "fujitsu/oneDNN#43", "oneDNN#6035", "NNlib.jl#763"]
TOO_LARGE = ["mlx#3248", "tensorflow#112776"]


@cache
def cases() -> tuple[Case, ...]:
    return tuple(case for suite in suites.ALL for case in suite.cases())


def geometries_of(report: str) -> list[Geometry]:
    return [case.geometry for case in cases() if report in case.source.split(", ")]


def operations_of(report: str) -> set[str]:
    return {case.kind.operation for case in cases() if report in case.source.split(", ")}


def types_of(report: str) -> set[str]:
    return {case.kind.input for case in cases() if report in case.source.split(", ")}


def test_reports_of_other_types_have_cases_in_those() -> None:
    for report, of_all in {
        "rocm-libraries#4998": "float16",
        "cubek#519": "float16",
        "pytorch#163347": "bfloat16",
        "openxla/xla#49123": "int8",
        "oneDNN#5080": "int8",
    }.items():
        assert types_of(report) >= {of_all, "float32"}, report
    assert operations_of("pytorch#50042") == {"forward", "input-gradient", "filter-gradient"}


def test_every_report_is_known() -> None:
    assert sorted(reports.BY_ID) == sorted([*FORWARD.split(), *OF_GRADIENTS, *TOO_LARGE])
    assert len(reports.BY_ID) == len(reports.REPORTS)


def test_every_report_has_its_cases_or_says_why_not() -> None:
    sources = {s for case in cases() for s in case.source.split(", ")}
    assert sources >= set(FORWARD.split())
    assert not sources & {*TOO_LARGE}
    for report in OF_GRADIENTS:
        assert any("gradient" in operation for operation in operations_of(report)), report
    for report in TOO_LARGE:
        assert "left out" in reports.BY_ID[report].left_out


def test_every_regression_has_a_trigger_with_neighbours() -> None:
    for fault in {case.source for case in regressions.cases()}:
        tags = [tag for case in regressions.cases() if case.source == fault for tag in case.tags]
        assert "neighbour" in tags, fault
        assert "trigger" in tags or fault == "XNNPACK#10453", fault


def test_neighbours_are_one_apart() -> None:
    def channels(report: str) -> set[int]:
        return {geometry.input[3] for geometry in geometries_of(report)}

    assert channels("pytorch#50042") >= {23, 24, 25}
    assert channels("pytorch#21597") >= {5, 6, 7, 8, 12, 16}
    assert channels("onnxruntime#27749") >= {5, 6, 7, 8}
    assert channels("burn#5626") >= {103, 104, 105, 439, 440, 441}
    assert channels("burn#5385") >= {4, 5}
    assert channels("mlx#1882") >= {319, 320, 321}
    assert {g.input[0] for g in geometries_of("tensorflow#9870")} >= {65535, 65536, 65537}
    assert {g.filter[3] for g in geometries_of("pytorch#129207")} >= {65535, 65536, 65537}
    assert {g.output[1] * g.output[2] for g in geometries_of("mlx#3893")} >= {65535, 65536, 65537}
    assert {g.input[1] * g.input[2] for g in geometries_of("cubek#519")} >= {32767, 32768, 32769}
    assert {g.filter[:2] for g in geometries_of("mlx#2504")} >= {(182, 182), (181, 181)}


def test_digest_cases_stay_small_enough_for_an_ordinary_machine() -> None:
    for case in cases():
        if case.is_digest:
            sizes = [suites.networks.prod(shape) for shape in (case.geometry.input, case.geometry.filter)]
            outputs = suites.networks.prod(case.geometry.output)
            assert 4 * (sum(sizes) + 3 * outputs) < 512e6, case.name
            assert networks.work(case.geometry) < 1e9, case.name


def test_a_report_without_case_or_reason_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [(suite, suite.cases()) for suite in suites.ALL]
    assert any("mlx#833" in line for line in readme_reports.reports_text(listed))
    monkeypatch.setattr(readme_reports, "REPORTS", (reports.Report("some#1", reports.TAILS, "something"),))
    with pytest.raises(ValueError, match="some#1"):
        readme_reports.reports_text(listed)


def parameters(layers: list[Layer]) -> int:
    """Weights and biases of layers."""
    geometries = [layer.geometry(layer.image) for layer in layers]
    return sum(networks.prod(g.filter) + g.bias * g.filter[3] for g in geometries)


def test_networks_have_as_many_parameters_as_was_published() -> None:
    """Of their convolutions, without normalisation and classifier, which publications count too."""
    assert parameters(inverted_residuals(MOBILENET, MOBILENET_STAGES, squeezes=False)) == 3_504_872 - 34_112 - 1_281_000
    assert (
        parameters(inverted_residuals(EFFICIENTNET, EFFICIENTNET_STAGES, squeezes=True))
        == 5_288_548 - 42_016 - 1_281_000
    )
    repeats = (1, 1, 1, 1, 1, 2, 1, 2, 3)
    assert sum(n * parameters([layer]) for n, layer in zip(repeats, vgg(), strict=True)) == 14_714_688
    stem, stages = resnet()[0], [resnet()[2 + 6 * stage : 8 + 6 * stage] for stage in range(4)]
    total = parameters([stem])
    for (first, strided, expand, shortcut, reduce, plain), blocks in zip(stages, (3, 4, 6, 3), strict=True):
        total += parameters([first, strided, shortcut]) + blocks * parameters([expand])
        total += (blocks - 1) * parameters([reduce, plain])
    assert total == 25_557_032 - 53_120 - 2_049_000


def test_a_reduced_layer_keeps_all_but_height_and_width() -> None:
    cases = networks.cases()
    assert sum(networks.work(case.geometry) for case in cases) <= 4e9
    for case in cases:
        assert ("reduced from" in case.note) is ("reduced" in case.tags)
    for layer in (*networks.network_layers.layers(), *networks.network_blocks.layers()):
        true, fitted = layer.geometry(layer.image), networks.fitted(layer)
        assert (true.filter, true.strides, true.dilations, true.groups, true.bias) == (
            *(fitted.filter, fitted.strides, fitted.dilations, fitted.groups, fitted.bias),
        )
        assert true.padding == fitted.padding
        assert fitted.input[1] <= true.input[1]
        assert fitted.input[2] <= max(true.input[2], fitted.input[1] + 2)
        assert true == fitted or networks.work(true) > networks.MOST_PRODUCTS
