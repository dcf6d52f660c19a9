"""What a problem is called: the name, the tags and the note that follow from its geometry and family of data."""

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry
from golden.problem.kinds import INPUT_GRADIENT

INTEGER, REAL, SPECIAL = "integer", "real", "special"
EXTREME = 2**31  # sizes, strides, dilations and pads from here on do not fit 32 bits with a sign
SHORT = {INTEGER: "int", REAL: "real", SPECIAL: "special"}


def name_of(geometry: Geometry, data: str, image: bool = False) -> str:
    """Return a name that says what the case is, e.g. `b2-c3-f5-k3x2-s2x1-same_upper-int`.

    With `image`, height and width are named too. Dilation, groups and bias are named only where there are any.
    """
    batch, height, width, channels = geometry.input
    kh, kw, _, filters = geometry.filter
    parts = [f"b{batch}"]
    parts += [f"h{height}", f"w{width}"] if image else []
    parts += [f"c{channels}", f"f{filters}", f"k{kh}x{kw}", "s{}x{}".format(*geometry.strides)]
    parts += ["d{}x{}".format(*geometry.dilations)] if geometry.dilations != (1, 1) else []
    parts += [f"g{geometry.groups}"] if geometry.groups > 1 else []
    parts += [geometry.padding.lower()]
    parts += ["bias"] if geometry.bias else []
    return "-".join([*parts, SHORT[data]])


def geometry_tags(geometry: Geometry) -> list[str]:
    """Return the tags that follow from a geometry."""
    kernel, channels = geometry.filter[:2], geometry.input[3]
    top, bottom, left, right = geometry.pads
    told = (*geometry.input, *geometry.filter, *geometry.strides, *geometry.dilations, *geometry.pads, geometry.groups)
    depthwise = geometry.groups > 1 and geometry.groups == channels
    tags = {
        geometry.padding.lower(): True,
        "1x1": kernel == (1, 1),
        "batched": geometry.input[0] > 1,
        "strided": geometry.strides != (1, 1),
        "dilated": geometry.dilations != (1, 1) and kernel != (1, 1),
        "padded": max(geometry.pads) > 0,
        "negative-pads": min(geometry.pads) < 0,
        "asymmetric": top != bottom or left != right,
        "grouped": geometry.groups > 1 and not depthwise,
        "depthwise": depthwise,
        "bias": geometry.bias,
        "extreme": max(map(abs, told)) >= EXTREME,
    }
    return [tag for tag, is_so in tags.items() if is_so]


def catches(geometry: Geometry) -> str:
    """Return one sentence: the faults that a case of this geometry shows, the most particular ones first."""
    kh, kw = geometry.filter[:2]
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    top, bottom, left, right = geometry.pads
    channels, filters = geometry.input[3], geometry.filter[3]
    taps = kh * kw > 1
    faults = {
        "channels of one group taken for another's": geometry.groups > 1,
        "more than one filter to a channel laid out wrongly": geometry.groups > 1 and channels < filters,
        "dilations swapped or ignored": dh != dw and taps,
        "dilation ignored": dh == dw > 1 and taps,
        "strides swapped": sh != sw,
        "stride ignored": sh == sw > 1,
        "the odd row or column of SAME padding on the wrong side": geometry.padding in (SAME_UPPER, SAME_LOWER)
        and (top != bottom or left != right),
        "SAME padding computed without the stride": geometry.padding in (SAME_UPPER, SAME_LOWER) and max(sh, sw) > 1,
        "pads swapped": geometry.padding == EXPLICIT and len({top, bottom, left, right}) > 1,
        "an output that reaches over the border": geometry.padding == VALID and max(sh, sw) > 1,
        "kernel height and width swapped": kh != kw,
        "a flipped or transposed kernel": kh == kw > 1,
        "filter axes swapped": not taps and channels > 1 and filters > 1,
        "a bias left out or added twice": geometry.bias,
        "rows and columns swapped": True,
    }
    return "Catches " + ", ".join([fault for fault, shows in faults.items() if shows][:3]) + "."


def catches_gradient(geometry: Geometry, operation: str) -> str:
    """Return one sentence: the faults of a gradient that a case of this geometry shows."""
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilations
    kh, kw = geometry.filter[:2]
    top, bottom, left, right = geometry.pads
    sizes = (geometry.input[1] + top + bottom, geometry.input[2] + left + right)
    left_over = [
        (size - extent) % stride for size, extent, stride in zip(sizes, geometry.extent, (sh, sw), strict=True)
    ]
    taps, of_input = kh * kw > 1, operation == INPUT_GRADIENT
    bias = "a bias left out, or taken for one to a filter where there is one to a channel"
    faults = {
        "filters summed that belong to another group": geometry.groups > 1,
        "dilations swapped, or taken for strides": taps and max(dh, dw) > 1,
        "strides swapped in the spread of the output's gradient": of_input and sh != sw,
        "rows or columns that no window meets left unwritten": of_input and max(left_over) > 0,
        "windows that read beyond the last row or column": not of_input and max(left_over) > 0,
        "a size that is taken from stride times output": of_input and max(sh, sw) > 1,
        "a stride taken for a dilation's": not of_input and max(sh, sw) > 1,
        "pads swapped": len({top, bottom, left, right}) > 1,
        "a kernel that is flipped once too often or too seldom": taps,
        bias: of_input and geometry.bias,
        "a batch of which one image is summed": not of_input and geometry.input[0] > 1,
        "rows and columns swapped": True,
    }
    return "Catches " + ", ".join([fault for fault, shows in faults.items() if shows][:3]) + "."
