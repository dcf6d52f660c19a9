"""The convolution layers of networks that are made of blocks: MobileNetV2, EfficientNet-B0, Inception-v3."""

from golden.problem.geometry import SAME_UPPER, Pair
from golden.suites.network_layer import Layer, Network, depthwise, pointwise, square

MOBILENET = Network("mobilenet-v2", "MobileNetV2", "Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2, 2018")
EFFICIENTNET = Network("efficientnet-b0", "EfficientNet-B0", "Tan, Le: EfficientNet, 2019")
INCEPTION = Network("inception-v3", "Inception-v3", "Szegedy et al.: Rethinking the Inception Architecture, 2015")

# (expansion, filters, repeats, stride[, kernel])
MOBILENET_STAGES = (
    *((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3)),
    *((6, 96, 3, 1, 3), (6, 160, 3, 2, 3), (6, 320, 1, 1, 3)),
)
EFFICIENTNET_STAGES = (
    *((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3)),
    *((6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)),
)


def inverted_residuals(network: Network, stages: tuple[tuple[int, ...], ...], squeezes: bool) -> list[Layer]:
    """List a network of inverted residuals: expand, depthwise, (squeeze and excite,) project.

    EfficientNet pads as SAME_UPPER, and squeezes the channels to a quarter of the block's input; MobileNetV2 pads by
    half the kernel.
    """
    pad = {"pad": SAME_UPPER} if squeezes else {}
    layers = [square(network, 224, 3, 32, 3, 2, **pad)]
    channels, size = 32, 112
    for expansion, filters, repeats, first_stride, kernel in stages:
        for turn in range(repeats):
            stride = first_stride if turn == 0 else 1
            wide = expansion * channels
            if expansion > 1:
                layers.append(pointwise(network, size, channels, wide))
            layers.append(depthwise(network, size, wide, kernel, stride, **pad))
            size //= stride
            if squeezes:
                layers.append(pointwise(network, 1, wide, channels // 4, bias=True))
                layers.append(pointwise(network, 1, channels // 4, wide, bias=True))
            layers.append(pointwise(network, size, wide, filters))
            channels = filters
    return [*layers, pointwise(network, size, channels, 1280)]


def uneven(size: int, channels: int, filters: int, kernel: Pair) -> Layer:
    """Return an Inception layer whose kernel is a row or a column."""
    pad = (kernel[0] // 2, kernel[1] // 2)
    return Layer(INCEPTION, (size, size), channels, filters, kernel, pad=pad)


def inception() -> list[Layer]:
    """List Inception-v3."""
    layers = [
        square(INCEPTION, 299, 3, 32, 3, 2, pad=0),
        square(INCEPTION, 149, 32, 32, 3, pad=0),
        square(INCEPTION, 147, 32, 64, 3),
        pointwise(INCEPTION, 73, 64, 80),
        square(INCEPTION, 73, 80, 192, 3, pad=0),
    ]
    for channels, pooled in ((192, 32), (256, 64), (288, 64)):
        layers += [pointwise(INCEPTION, 35, channels, filters) for filters in (64, 48, pooled)]
    layers += [
        square(INCEPTION, 35, 48, 64, 5),
        square(INCEPTION, 35, 64, 96, 3),
        square(INCEPTION, 35, 96, 96, 3),
        square(INCEPTION, 35, 288, 384, 3, 2, pad=0),
        square(INCEPTION, 35, 96, 96, 3, 2, pad=0),
    ]
    for width in (128, 160, 192):
        layers.append(pointwise(INCEPTION, 17, 768, width))
        for kernel in ((1, 7), (7, 1)):
            layers += [uneven(17, width, filters, kernel) for filters in (width, 192)]
    layers += [
        square(INCEPTION, 17, 192, 320, 3, 2, pad=0),
        square(INCEPTION, 17, 192, 192, 3, 2, pad=0),
    ]
    for channels in (1280, 2048):
        layers += [pointwise(INCEPTION, 8, channels, filters) for filters in (320, 384, 448, 192)]
    layers += [square(INCEPTION, 8, 448, 384, 3), *(uneven(8, 384, 384, kernel) for kernel in ((1, 3), (3, 1)))]
    return layers


def layers() -> list[Layer]:
    """List them all."""
    return [
        *inverted_residuals(MOBILENET, MOBILENET_STAGES, squeezes=False),
        *inverted_residuals(EFFICIENTNET, EFFICIENTNET_STAGES, squeezes=True),
        *inception(),
    ]
