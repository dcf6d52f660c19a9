"""Suite `degenerate`: problems at the edge of what a convolution is, each with an output."""

from dataclasses import dataclass, replace

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, Geometry, Pads
from golden.problem.naming import name_of
from golden.suites.suite import Suite
from golden.vectors.case import Case
from golden.vectors.degeneracy import BIAS_ALONE, KINDS

EMPTY_WINDOWS = "the windows see padding alone, and the case is about reads outside of the image"


@dataclass(frozen=True)
class Edge:
    """One problem: a slug for its name, its geometry, what it catches, and what makes its data thin.

    `empty` says why no product reaches the output, where none does.
    """

    slug: str
    geometry: Geometry
    note: str
    tag: str
    thin: str = "so few elements leave no choice"
    source: str = ""
    empty: str = ""

    def case(self) -> Case:
        """Return the case."""
        name = f"{self.slug}-{name_of(self.geometry, 'integer', image=True)}"
        return Case(
            name,
            self.geometry,
            f"Catches {self.note}.",
            tags=("degenerate", self.tag),
            source=self.source,
            allowed=dict.fromkeys(KINDS, self.thin) | ({BIAS_ALONE: self.empty} if self.empty else {}),
        )


def padded(image: tuple[int, ...], kernel: tuple[int, ...], pads: Pads, **rest: object) -> Geometry:
    """Return a geometry with explicit pads."""
    return Geometry(image, kernel, padding=EXPLICIT, explicit_pads=pads, **rest)


def empty() -> list[Edge]:
    """List problems in which a dimension is 0."""
    batch, crash = "empty-batch", "a division by zero, or a crash, where there is no image"
    rows, nothing = "empty-output", "an output where there is none"
    return [
        Edge("batch-0", Geometry((0, 5, 6, 3), (3, 2, 3, 4)), crash, batch, source="tensorflow#238"),
        Edge(
            "batch-0",
            Geometry((0, 5, 6, 3), (3, 2, 3, 4), (2, 1), padding=SAME_UPPER, bias=True),
            crash,
            batch,
            source="tensorflow#238",
        ),
        Edge("batch-0-1x1", Geometry((0, 4, 7, 8), (1, 1, 8, 16)), crash, batch, source="tensorflow#238"),
        Edge("batch-0-depthwise", Geometry((0, 5, 6, 4), (3, 3, 1, 4), padding=SAME_LOWER, groups=4), crash, batch),
        Edge("batch-0-dilated", Geometry((0, 7, 8, 4), (2, 3, 2, 6), (1, 2), (3, 2), groups=2), crash, batch),
        *without_channels(),
        Edge(
            "no-filters",
            Geometry((1, 5, 6, 3), (3, 2, 3, 0), padding=SAME_UPPER),
            nothing,
            "no-filters",
            source="tensorflow#42208",
        ),
        Edge("no-filters-with-bias", Geometry((2, 4, 5, 2), (1, 1, 2, 0), bias=True), nothing, "no-filters"),
        Edge("height-0-same", Geometry((1, 0, 6, 3), (3, 2, 3, 4), padding=SAME_UPPER), nothing, rows),
        Edge("height-0-same", Geometry((1, 0, 6, 3), (3, 2, 3, 4), (2, 2), padding=SAME_LOWER), nothing, rows),
        Edge("width-0-same", Geometry((2, 5, 0, 3), (2, 5, 3, 4), padding=SAME_UPPER, bias=True), nothing, rows),
        Edge("image-0-same", Geometry((1, 0, 0, 2), (2, 3, 2, 3), padding=SAME_LOWER), nothing, rows),
        *in_pads_only(),
    ]


def without_channels() -> list[Edge]:
    """List problems without channels: there is nothing to multiply."""
    channels, kept = "no-channels", "a memory that was not initialised: without channels each output is its bias"
    edges = [
        Edge("no-channels", Geometry((2, 4, 5, 0), (3, 2, 0, 3)), kept.replace("its bias", "zero"), channels),
        Edge("no-channels", Geometry((2, 4, 5, 0), (3, 2, 0, 3), padding=SAME_UPPER, bias=True), kept, channels),
        Edge("no-channels-1x1", Geometry((1, 3, 4, 0), (1, 1, 0, 5), (2, 1), bias=True), kept, channels),
        Edge("no-channels-grouped", Geometry((1, 3, 4, 0), (2, 2, 0, 6), groups=3, bias=True), kept, channels),
    ]
    return [replace(edge, empty="without channels nothing is added to it") for edge in edges]


def in_pads_only() -> list[Edge]:
    """List problems in which all that a filter sees is padding."""
    tag, note = "empty-image-padded", "a read outside of an empty image: there is padding alone, and each output is {}"
    zeros, biases = note.format("zero"), note.format("its bias")
    width_0 = padded((1, 4, 0, 3), (2, 2, 3, 2), (0, 1, 1, 4), strides=(1, 2), bias=True)
    edges = [
        Edge("height-0-padded", padded((1, 0, 5, 2), (2, 3, 2, 4), (2, 1, 1, 0)), zeros, tag),
        Edge("height-0-padded", padded((2, 0, 5, 2), (2, 3, 2, 4), (2, 1, 1, 0), bias=True), biases, tag),
        Edge("width-0-padded", width_0, biases, tag),
        Edge("image-0-padded", padded((1, 0, 0, 2), (3, 2, 2, 3), (2, 1, 3, 1), bias=True), biases, tag),
        Edge("height-0-padded-1x1", padded((1, 0, 4, 2), (1, 1, 2, 3), (0, 2, 0, 0), bias=True), biases, tag),
    ]
    return [replace(edge, empty=EMPTY_WINDOWS) for edge in edges]


def tight() -> list[Edge]:
    """List kernels as large as the padded input, and images of a single pixel."""
    note, tag = "an output of more than one row and column, or none, where the kernel fits exactly once", "exact-fit"
    one, one_tag = "a special path for a single pixel", "one-pixel"
    often = "a loop over {} that runs once too often"
    line = "rows and columns swapped where there is one {}"
    dilated = padded((1, 4, 5, 4), (2, 3, 2, 4), (0, 3, 4, 0), dilations=(6, 4), groups=2)
    strided = Geometry((1, 1, 1, 2), (4, 2, 2, 3), (2, 3), padding=SAME_LOWER, bias=True)
    row = Geometry((1, 1, 9, 3), (1, 4, 3, 2), (1, 2), padding=SAME_UPPER)
    column = Geometry((1, 9, 1, 3), (4, 1, 3, 2), (2, 1), padding=SAME_LOWER)
    return [
        Edge("kernel-is-input", Geometry((2, 5, 4, 3), (5, 4, 3, 4)), note, tag),
        Edge("kernel-is-input", Geometry((2, 5, 4, 3), (5, 4, 3, 4), (3, 2), bias=True), note, tag),
        Edge("kernel-is-padded-input", padded((2, 4, 5, 3), (6, 8, 3, 2), (2, 0, 1, 2)), note, tag),
        Edge("kernel-is-dilated-input", Geometry((1, 7, 6, 2), (3, 2, 2, 5), dilations=(3, 5)), note, tag),
        Edge("kernel-is-dilated-padded-input", dilated, note, tag),
        Edge("kernel-is-height", Geometry((1, 6, 7, 2), (6, 1, 2, 3)), often.format("rows"), tag),
        Edge("kernel-is-width", Geometry((1, 6, 7, 2), (1, 7, 2, 3)), often.format("columns"), tag),
        Edge("kernel-is-depthwise-input", Geometry((2, 4, 3, 5), (4, 3, 1, 5), groups=5), note, tag),
        Edge("scalar", Geometry((1, 1, 1, 1), (1, 1, 1, 1)), one, one_tag),
        Edge("scalar", Geometry((1, 1, 1, 1), (1, 1, 1, 1), bias=True), one, one_tag),
        Edge("one-pixel", Geometry((3, 1, 1, 5), (1, 1, 5, 4)), one, one_tag),
        Edge("one-pixel", Geometry((2, 1, 1, 3), (3, 3, 3, 2), padding=SAME_UPPER), one, one_tag),
        Edge("one-pixel", strided, one, one_tag),
        Edge("one-row", row, line.format("row"), one_tag),
        Edge("one-column", column, line.format("column"), one_tag),
    ]


def far_padded() -> list[Edge]:
    """List pads as large as the kernel and larger: windows that see nothing of the image."""
    thin = "windows that lie wholly in a pad give zero, as they must"
    note, tag = "an index outside of the image where a window lies wholly in a pad", "large-pads"
    makers = {
        "pad-as-large-as-kernel": padded((1, 4, 5, 2), (3, 2, 2, 3), (3, 3, 2, 2)),
        "pad-as-large-as-kernel-one-side": padded((1, 4, 5, 2), (2, 3, 2, 3), (2, 0, 0, 3)),
        "pad-larger-than-kernel": padded((2, 4, 5, 2), (2, 3, 2, 3), (4, 3, 6, 5), bias=True),
        "pad-larger-than-kernel-left": padded((1, 4, 5, 2), (3, 2, 2, 3), (0, 0, 5, 0)),
        "pad-larger-than-kernel-bottom": padded((1, 4, 5, 2), (3, 2, 2, 3), (0, 6, 0, 0), bias=True),
        "pad-larger-than-image": padded((1, 2, 3, 3), (3, 2, 3, 2), (5, 7, 8, 6), strides=(2, 3)),
        "pad-around-1x1": padded((1, 3, 4, 3), (1, 1, 3, 4), (2, 1, 3, 4), bias=True),
        "pad-around-1x1-strided": padded((1, 4, 5, 3), (1, 1, 3, 4), (1, 2, 3, 0), strides=(2, 3)),
        "pad-larger-than-kernel-depthwise": padded((1, 3, 5, 4), (3, 3, 1, 4), (5, 4, 3, 6), groups=4),
        "pad-larger-than-dilated-kernel": padded((1, 5, 4, 2), (2, 2, 2, 4), (4, 5, 6, 3), dilations=(3, 2)),
    }
    return [
        *(Edge(slug, geometry, note, tag, thin) for slug, geometry in makers.items()),
        Edge(
            "dilation-beyond-image",
            Geometry((1, 4, 5, 3), (3, 3, 3, 4), dilations=(5, 6), padding=SAME_UPPER),
            "taps read from the next row where all but the middle one lie in a pad",
            tag,
        ),
        Edge(
            "dilation-around-image",
            padded((1, 3, 4, 2), (2, 2, 2, 3), (3, 3, 4, 4), dilations=(4, 5)),
            "taps read from the next row where the window's corners lie around the image",
            tag,
            thin,
        ),
    ]


def far_strided() -> list[Edge]:
    """List strides and dilations larger than the input."""
    stride, dilation = "large-stride", "large-dilation"
    note = "an output of no row or column, or of two, where the first window is the only one"
    beyond = "2^32 kept in 32 bits, which makes 0 of it: the first window is the only one"
    unused = "a dilation applied to a kernel that has one tap along that axis, which has no use for it"
    columns = Geometry((1, 7, 4, 3), (3, 1, 3, 4), dilations=(2, 9), padding=SAME_UPPER)
    huge = Geometry((1, 4, 5, 2), (1, 1, 2, 3), dilations=(2**32, 2**33))
    return [
        Edge("stride-beyond-input", Geometry((2, 5, 6, 3), (2, 3, 3, 4), (7, 9)), note, stride),
        Edge("stride-beyond-height", Geometry((1, 5, 6, 3), (2, 3, 3, 4), (6, 1)), note, stride),
        Edge("stride-beyond-width", Geometry((1, 5, 6, 3), (2, 3, 3, 4), (1, 100), bias=True), note, stride),
        Edge("stride-beyond-same", Geometry((1, 5, 6, 3), (3, 4, 3, 2), (8, 7), padding=SAME_UPPER), note, stride),
        Edge("stride-beyond-same", Geometry((1, 2, 3, 3), (5, 6, 3, 2), (4, 4), padding=SAME_LOWER), note, stride),
        Edge("stride-beyond-padded", padded((1, 4, 5, 2), (2, 3, 2, 3), (1, 2, 2, 1), strides=(9, 8)), note, stride),
        Edge("stride-beyond-1x1", Geometry((3, 4, 5, 3), (1, 1, 3, 5), (5, 6)), note, stride),
        Edge("stride-2-to-32", Geometry((1, 4, 5, 2), (2, 3, 2, 3), (2**32, 2**32 + 1)), beyond, stride),
        Edge("dilation-without-taps", Geometry((1, 4, 5, 3), (1, 1, 3, 4), dilations=(100, 50)), unused, dilation),
        Edge("dilation-without-rows", Geometry((1, 4, 7, 3), (1, 3, 3, 4), dilations=(9, 2)), unused, dilation),
        Edge("dilation-without-columns", columns, unused, dilation),
        Edge("dilation-2-to-32-without-taps", huge, unused, dilation),
    ]


def cropped() -> list[Edge]:
    """List negative pads, which crop the input: a capability that an engine may lack."""
    note, tag = "a negative pad ignored, or taken for a positive one", "cropping"
    mixed = "a negative pad that hides a positive one on the other side"
    return [
        Edge("crop", padded((1, 6, 7, 3), (3, 2, 3, 4), (-1, 0, 0, -2)), note, tag),
        Edge("crop-all-sides", padded((2, 9, 10, 2), (2, 3, 2, 3), (-1, -2, -3, -1)), note, tag),
        Edge("crop-and-pad", padded((1, 6, 7, 3), (3, 2, 3, 4), (-1, 2, 3, -2), bias=True), mixed, tag),
        Edge("crop-and-pad", padded((1, 7, 6, 3), (2, 3, 3, 4), (2, -1, -2, 1), strides=(2, 1)), mixed, tag),
        Edge("crop-rows-pad-columns", padded((1, 7, 6, 4), (3, 3, 2, 4), (-2, -1, 1, 2), groups=2), mixed, tag),
        Edge("crop-dilated", padded((1, 8, 9, 2), (2, 3, 2, 3), (-1, -1, -2, 0), dilations=(3, 2)), note, tag),
        Edge("crop-depthwise", padded((1, 7, 8, 3), (3, 2, 1, 3), (-2, 1, 0, -1), groups=3), note, tag),
        Edge("crop-1x1", padded((2, 5, 6, 3), (1, 1, 3, 2), (-2, -1, -1, -3)), note, tag),
        Edge("crop-to-kernel", padded((1, 6, 7, 2), (3, 4, 2, 3), (-1, -2, -3, 0)), note, tag),
        Edge(
            "crop-all-of-image",
            padded((1, 3, 4, 2), (2, 2, 2, 3), (-3, 4, 1, 0), bias=True),
            "a read outside of an image that is cropped away: there is padding alone",
            tag,
            "windows that lie wholly in a pad give zero, as they must",
            empty=EMPTY_WINDOWS,
        ),
    ]


def cases() -> list[Case]:
    """List all cases."""
    return [edge.case() for edge in (*empty(), *tight(), *far_padded(), *far_strided(), *cropped())]


def coverage(cases: list[Case]) -> list[str]:
    """Say how many cases there are of each kind; prove that empty outputs and negative pads are among them."""
    kinds = sorted({tag for case in cases for tag in case.tags} - {"degenerate"})
    counts = ", ".join(f"{kind} {sum(kind in case.tags for case in cases)}" for kind in kinds)
    empty_outputs = sum(0 in case.geometry.output for case in cases)
    cropping = sum("negative-pads" in case.all_tags for case in cases)
    if not (empty_outputs and cropping):
        raise ValueError("degenerate: an empty output or a negative pad is missing")
    return [
        f"By what is at the edge: {counts}.",
        f"{empty_outputs} outputs are empty.",
        f"{cropping} cases have a negative pad (tag `negative-pads`), which crops the input: engines without that "
        "capability are not asked.",
    ]


SUITE = Suite(
    name="degenerate",
    title="The edge of what a convolution is",
    description=(
        "Problems that are valid, if barely: a dimension of 0, a kernel that fits once, a window wholly in a pad, "
        "strides larger than the input, negative pads. Integer data."
    ),
    cases=cases,
    coverage=coverage,
)
