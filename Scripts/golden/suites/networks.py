"""Suite `networks`: the distinct convolution layers of well-known networks, as digest cases."""

from math import isqrt, prod

from golden.problem.geometry import Geometry, Pair
from golden.problem.naming import INTEGER, REAL, SHORT, name_of
from golden.suites import network_blocks, network_layers
from golden.suites.network_families import REAL_LAYERS
from golden.suites.network_layer import Layer
from golden.suites.suite import Suite
from golden.vectors.case import Case
from golden.vectors.degeneracy import EQUAL_CHANNELS

MOST_PRODUCTS = 52_000_000  # of one layer at its true size
REDUCED_PRODUCTS = 20_000_000  # of a layer whose height and width are reduced, about
ONE_PIXEL = "many channels of one pixel cannot all differ"
ALL_PRODUCTS = 4_000_000_000  # of the suite


def work(geometry: Geometry) -> int:
    """Return the number of products of a convolution."""
    return prod(geometry.output) * geometry.products


def fitted(layer: Layer) -> Geometry:
    """Return a layer as a problem, with height and width reduced where the work would be too much.

    The parity of both is kept; a square image loses its squareness on the way.
    """
    geometry = layer.geometry(layer.image)
    if work(geometry) <= MOST_PRODUCTS:
        return geometry
    if layer.reduced:
        return layer.geometry(layer.reduced)
    rows, columns = geometry.output[1:3]
    positions = REDUCED_PRODUCTS // (work(geometry) // (rows * columns))
    rows = min(rows, max(1, isqrt(positions)))
    height, width = (
        covering(layer, geometry, axis, count) for axis, count in enumerate((rows, max(1, positions // rows)))
    )
    return layer.geometry((height, width + 2 if width == height else width))


def covering(layer: Layer, geometry: Geometry, axis: int, count: int) -> int:
    """Return a height or width for so many rows or columns of output, of the parity of the true one."""
    size, pads = layer.image[axis], geometry.pads[2 * axis : 2 * axis + 2]
    least = max((count - 1) * layer.stride[axis] + geometry.extent[axis] - sum(pads), 1)
    return min(least + (size - least) % 2, size)


def cases() -> list[Case]:
    """List the distinct layers: one that several networks have comes once, named after the first of them."""
    by_geometry: dict[Geometry, list[Layer]] = {}
    for layer in (*network_layers.layers(), *network_blocks.layers()):
        by_geometry.setdefault(fitted(layer), []).append(layer)
    return [case_of(geometry, layers) for geometry, layers in by_geometry.items()]


def case_of(geometry: Geometry, layers: list[Layer]) -> Case:
    """Return the case of a layer, or of several that are alike."""
    networks = list(dict.fromkeys(layer.network for layer in layers))
    pads = "_".join(map(str, geometry.pads))
    layer, _ = name_of(geometry, INTEGER, image=True).replace("explicit", f"explicit_{pads}").rsplit("-", 1)
    name = f"{networks[0].tag}-{layer}"
    data = REAL if name in REAL_LAYERS else INTEGER
    images = dict.fromkeys(layer.image for layer in layers if layer.image != geometry.input[1:3])
    reduced = f" Height and width reduced from {', '.join(map(size, images))}." if images else ""
    titles = ", ".join(network.title for network in networks)
    return Case(
        f"{name}-{SHORT[data]}",
        geometry,
        f"Catches a fault that shows at the size of a real layer only: {titles}.{reduced}",
        data=data,
        tags=("network", *(network.tag for network in networks), *(("reduced",) if images else ())),
        source="; ".join(network.source for network in networks),
        allowed={EQUAL_CHANNELS: "many channels of one pixel cannot all differ"}
        if geometry.input[1:3] == (1, 1)
        else {},
        is_digest=True,
    )


def size(image: Pair) -> str:
    """Return height and width as in 224x224."""
    return f"{image[0]}x{image[1]}"


def coverage(cases: list[Case]) -> list[str]:
    """Say how many layers each network has; prove that the work stays within bounds."""
    total = sum(work(case.geometry) for case in cases)
    if total > ALL_PRODUCTS:
        raise ValueError(f"networks: {total} products are more than {ALL_PRODUCTS}")
    networks = dict.fromkeys(layer.network for layer in (*network_layers.layers(), *network_blocks.layers()))
    counts = ", ".join(f"{network.title} {sum(network.tag in case.tags for case in cases)}" for network in networks)
    reduced = sum("reduced" in case.tags for case in cases)
    return [
        f"Layers: {counts}; those that several networks have come once.",
        f"All channel counts, kernels, strides, dilations, pads and groups are true; height and width too, but in "
        f"{reduced} cases (tag `reduced`), where the layer would take more than {MOST_PRODUCTS // 10**6} million "
        "products.",
        f"{round(total / 1e9, 1)} thousand million products in all.",
    ]


SUITE = Suite(
    name="networks",
    title="Layers of well-known networks",
    description=(
        "The distinct convolution layers of image and speech networks, one-dimensional ones with a height of 1. "
        "Nothing but digests and a sample of the output is stored. Integer data for half of them, real for the others."
    ),
    cases=cases,
    coverage=coverage,
)
