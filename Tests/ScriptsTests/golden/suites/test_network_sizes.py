"""Layers that are listed by rules, against what was published of their networks."""

from math import prod

from golden.problem.geometry import Geometry
from golden.suites import network_convnext, network_diffusion, networks
from golden.suites.network_layer import Layer

CONTEXT = 768  # numbers in a word, for the attention of the U-Net
STEP = 1280  # numbers that tell its step of time


def parameters(layers: list[Layer]) -> int:
    """Return the number of weights and biases."""
    return sum(prod(geometry.filter) + geometry.filter[3] for geometry in problems(layers))


def problems(layers: list[Layer]) -> list[Geometry]:
    """Return the layers as problems."""
    return [layer.geometry(layer.image) for layer in layers]


def test_convnext_has_its_published_size() -> None:
    """28.6 million parameters and 4.5e9 products, the classifier and the norms left out."""
    layers = network_convnext.layers()
    widths = [width for width, blocks in network_convnext.STAGES for _ in range(blocks)]
    # A norm of two numbers a channel and one scale in each block; norms behind the first patches, before the others.
    norms = 3 * sum(widths) + 2 * (96 + 96 + 192 + 384 + 768)
    classifier = 768 * 1000 + 1000
    assert parameters(layers) + norms + classifier == 28_589_128
    assert round(sum(map(networks.work, problems(layers))) / 1e9, 1) == 4.5


def test_the_autoencoder_has_its_published_size() -> None:
    """Before each 3x3 layer of a residual block, the attention and the last layer stands a norm."""
    layers = network_diffusion.autoencoder()
    widths = [layer.channels for layer in layers if layer.kernel == (3, 3) and layer.stride == (1, 1)]
    # Not before the first layers of encoder and decoder, nor where an image is enlarged.
    unnormed = 3 + 4 + (512 + 512 + 256)
    assert parameters(layers) + 2 * (sum(widths) - unnormed + 2 * 512) == 83_653_863


def test_the_u_net_has_its_published_size() -> None:
    """859.52 million parameters: with norms, attention, and what tells the step of time."""
    layers = network_diffusion.diffusion()
    heads = [layer.channels for layer in layers if layer.kernel == (1, 1) and layer.channels == layer.filters]
    of_blocks = [layer for layer in layers[1:] if layer.kernel == (3, 3) and layer.stride == (1, 1)]
    norms = 2 * (sum(layer.channels for layer in of_blocks) - (1280 + 1280 + 640))  # none where it is enlarged
    blocks = 5 * [320] + 5 * [640] + 12 * [1280]
    steps = 320 * STEP + STEP + STEP * STEP + STEP + sum(STEP * width + width for width in blocks)
    attention = sum(
        2 * d + 4 * d * d + d + 2 * d * d + 2 * CONTEXT * d + d + 8 * d * d + 8 * d + 4 * d * d + d + 6 * d
        for d in heads[::2]
    )
    assert parameters(layers) + norms + steps + attention == 859_520_964
