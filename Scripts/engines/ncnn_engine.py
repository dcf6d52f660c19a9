# /// script
# dependencies = ["ncnn", "numpy"]
# ///
"""ncnn on the CPU: a net of one Convolution or ConvolutionDepthWise for each problem, an image at a time.

SAME reaches it by its own words (-233 and -234), with the argument --explicit-pads as pads. float32 in memory and in
arithmetic. Winograd and matrix products are off; with --fast they are ncnn's choice, and it is judged as a transform.
"""

import sys

from convcheck_engine import Capabilities, Problem, Refused, Unsupported, serve, with_options

import ncnn
import numpy as np

FAST = "--fast" in sys.argv
SAME = {"SAME_UPPER": (-233,) * 4, "SAME_LOWER": (-234,) * 4}


def convolve(problem: Problem, input: np.ndarray, filter: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """Run the layer on each image."""
    if min(input.shape, default=1) < 1 or min(filter.shape) < 1:
        raise Unsupported("ncnn has no empty matrices")
    if problem.groups < 1 or filter.shape[1] * problem.groups != input.shape[1] or len(filter) % problem.groups:
        raise ValueError("ncnn takes the channels of the filter from its size: here they disagree with the input's")
    if bias is not None and bias.shape != (len(filter),):
        raise ValueError("ncnn takes the size of the bias from the number of filters: here they disagree")
    (top, bottom, left, right), kernel = problem.pads, filter.shape[2:]
    if problem.padding in SAME and "--explicit-pads" not in sys.argv:
        left, right, top, bottom = SAME[problem.padding]
    values = {0: len(filter), 1: kernel[1], 11: kernel[0], 2: problem.dilations[1], 12: problem.dilations[0]}
    values |= {3: problem.strides[1], 13: problem.strides[0], 4: left, 15: right, 14: top, 16: bottom}
    values |= {5: int(bias is not None), 6: filter.size} | ({7: problem.groups} if problem.groups > 1 else {})
    kind = "Convolution" if problem.groups == 1 else "ConvolutionDepthWise"
    layer = f"{kind} layer 1 1 data answer " + " ".join(f"{key}={value}" for key, value in values.items())
    net = ncnn.Net()
    net.opt.num_threads = 1
    for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, option, False)
    net.opt.use_winograd_convolution = net.opt.use_sgemm_convolution = FAST
    weights = b"\0\0\0\0" + filter.tobytes() + (b"" if bias is None else bias.tobytes())
    if net.load_param_mem(f"7767517\n2 2\nInput data 0 1 data\n{layer}\n"):
        raise Refused("ncnn does not take the layer, and does not say why")
    net.load_model_mem(weights)
    answers = []
    for image in input:
        extractor = net.create_extractor()
        extractor.input("data", ncnn.Mat(image).clone())  # a clone has its channels aligned, as ncnn wants them
        status, answer = extractor.extract("answer")
        if status:
            raise ValueError(f"ncnn answers with status {status}")
        answers.append(np.array(answer))
    return np.stack(answers)


if __name__ == "__main__":
    capabilities = Capabilities(["NCHW"], ["OIHW"], algorithm="transform" if FAST else "direct")
    serve(convolve, with_options("ncnn"), ncnn.__version__, capabilities, rejects=(ValueError,))
