"""Faults of shipped implementations, as they were reported: what the suites have to catch.

The names are those of the projects' issue trackers. A report is represented where a case names it as its `source`.
"""

from dataclasses import dataclass

TOO_LARGE = "left out"


@dataclass(frozen=True)
class Report:
    """A report: its id, the class of the fault, what was seen, and why it is left out, where it is."""

    id: str
    group: str
    seen: str
    left_out: str = ""


LAYOUT, GROUPS, PADDING, DILATION = "layout", "groups", "padding", "dilation"
TAILS, LIMITS, NON_FINITE, EMPTY = "tails", "limits", "non-finite", "empty"

REPORTS = (
    Report("pytorch#180984", LAYOUT, "MPS: a slice of a channels-last input, 1x1 kernel"),
    Report("pytorch#192212", LAYOUT, "MPS: a weight that is not contiguous"),
    Report("pytorch#82060", LAYOUT, "channels-last weight, contiguous input, one channel"),
    Report("pytorch#1246", LAYOUT, "a weight that is every second row and column of a larger one"),
    Report("pytorch#18948", LAYOUT, "the last columns of input and weight"),
    *(
        Report(f"candle#{number}", LAYOUT, "a transposed or sliced kernel with a start offset")
        for number in (3735, 3736, 3836, 3853)
    ),
    Report("executorch#22951", LAYOUT, "strides of the tensors ignored: 8 channels, 8 groups, 3x3, channels-last"),
    Report("modular#6712", LAYOUT, "a permuted input with wide pads"),
    Report("pytorch#19912", GROUPS, "2 groups, 4 to 16 channels, 1x1: all zeros"),
    Report("pytorch#50042", GROUPS, "depthwise with exactly 24 channels, 3x3 stride 2 pad 1"),
    Report("mlx#3800", GROUPS, "gradient of the input, groups and stride above 1"),
    Report("burn#3415", GROUPS, "2 groups, 2 to 16 channels"),
    Report("burn#4727", GROUPS, "2 groups, 2 to 32 channels, 3x3 on 2x2; a 1x8 kernel, pad 4, on width 2"),
    Report("modular#6129", GROUPS, "more than one group with 128 filters"),
    Report("rocm-libraries#4998", GROUPS, "Winograd with more than one group"),
    Report("openxla/xla#49123", GROUPS, "2 groups, 1x1, 4 to 4 channels: the last one"),
    Report("composable_kernel#2478", GROUPS, "gradient of a grouped weight, 1x1"),
    Report("onnxruntime#26734", PADDING, "SAME_UPPER with stride 2"),
    Report("root#21793", PADDING, "SAME from kernel / 2; upper and lower swapped"),
    Report("tensorflow#1991", PADDING, "SAME, 1x1 kernel, stride 2, on 4x4"),
    Report("tensorflow#17654", PADDING, "SAME, 3x3, stride 2, on 1x1 against 2x2"),
    Report("mlx#2038", PADDING, "pads that differ at begin and end"),
    Report("mlx#833", PADDING, "gradient with pad 4 and kernel 3"),
    Report("coremltools#2515", PADDING, "kernel 3x2, pad 1, stride 2, on 5x5: the last element"),
    Report("oneDNN#5080", PADDING, "pad 1 left and 2 right: the boundary columns"),
    Report("burn#2676", PADDING, "SAME with an even kernel"),
    Report("XNNPACK#958", PADDING, "pads of 0 and 1 fused into the convolution"),
    Report("onnxruntime#26215", PADDING, "2x2 kernel, pads at the ends only"),
    Report("openvino#33681", PADDING, "Winograd chosen with a pad"),
    Report("FBGEMM#395", PADDING, "depthwise, an image smaller than the pad"),
    Report("XNNPACK#10453", PADDING, "a kernel larger than the padded input gives a phantom output"),
    Report("tinygrad#14294", PADDING, "Winograd swaps the pads of an image that is not square"),
    Report("tensorflow#56498", DILATION, "depthwise: dilation ignored"),
    Report("tensorflow#19992", DILATION, "depthwise: dilation ignored"),
    Report("ncnn#315", DILATION, "depthwise 3x3, dilation 2: the initial value only"),
    Report("tflite-micro#1646", DILATION, "dilated: the pad holds a wrong value"),
    Report("tflite-micro#2319", DILATION, "dilated: the pad holds a wrong value"),
    Report("armnn#133", DILATION, "dilation 2 or 4 falls back to 1"),
    Report("pytorch#53178", DILATION, "2 to 512 channels, 5x5, pad 4, dilation 2"),
    Report("tinygrad#14115", DILATION, "a dilation of 0 goes unnoticed"),
    Report("pytorch#21597", TAILS, "6 input channels; 8, 12 and 16 are right"),
    Report("burn#5626", TAILS, "1x1 with an odd number of stages: 104 and 440 channels"),
    Report("cubek#519", TAILS, "1x1, 96 channels, 32768 pixels or more"),
    Report("ncnn#1384", TAILS, "1x1 on 14x14x64, channels packed by 4"),
    Report("TNN#394", TAILS, "Winograd, pad 0, 32x110x94: a remainder of tiles above 4 of 8"),
    Report("ggml#274", TAILS, "14x14 kernel, a row that 32 does not divide: NaN"),
    Report("mlx#2504", TAILS, "182x182 kernel on 181x181, pad 1"),
    Report("llama.cpp#14789", TAILS, "kernel width and height that differ"),
    Report("tvm#7090", TAILS, "Winograd on an image that is not square"),
    Report("tvm#4260", TAILS, "Winograd makes stride and pad 1"),
    Report("pytorch#163347", TAILS, "2x2 on 2x2 gives 1 instead of 4"),
    Report("onnxruntime#27749", TAILS, "a transposition with 5 or 7 channels"),
    Report("fujitsu/oneDNN#43", TAILS, "gradient of the input, stride above 1, more than 16 channels"),
    Report("oneDNN#6035", TAILS, "gradient of the weights, 1x1, stride 2"),
    Report("tensorflow#9870", LIMITS, "batch above 65535: zeros"),
    Report("pytorch#129207", LIMITS, "more than 65536 filters"),
    Report("mlx#3893", LIMITS, "65,536 output positions or more"),
    Report("mlx#3248", LIMITS, "more than 2^31 outputs", f"{TOO_LARGE}: 8.6 GB for the output alone"),
    Report("tensorflow#112776", LIMITS, "an image of 46341 x 46341", f"{TOO_LARGE}: 8.6 GB for the input alone"),
    Report("rocm-libraries#10198", LIMITS, "batch 262144, 65 channels: most of the output is not written"),
    Report("burn#5385", NON_FINITE, "a weight of -inf over a pad: NaN from 5 channels on"),
    Report("oneDNN#5717", NON_FINITE, "a tail of channels leaks the next row's NaN"),
    Report("mace#345", NON_FINITE, "channels that 4 does not divide are filled up with NaN"),
    Report("tensorflow#60315", NON_FINITE, "an infinite input, 128 channels, 3x3: NaN"),
    Report("ComputeLibrary#395", NON_FINITE, "output that is not initialised; pad 100"),
    Report("mlx#1882", NON_FINITE, "the same convolution differs when it is repeated, 1x3x3x320"),
    Report("tensorflow#238", EMPTY, "batch 0: a crash"),
    Report("tensorflow#42208", EMPTY, "a dimension of the filter is 0"),
    Report("pytorch#91558", EMPTY, "0 groups"),
    Report("NNlib.jl#763", EMPTY, "batch 0: the weight's gradient is not initialised"),
    Report("Paddle#76955", EMPTY, "a dilated kernel larger than the input"),
    Report("XNNPACK#11118", EMPTY, "the filter's shape does not fit the parameters: a read out of bounds"),
)
BY_ID = {report.id: report for report in REPORTS}
