"""A few layers of networks as they are in training: with a batch of 32, where kernels divide the work otherwise."""

from dataclasses import replace

from golden.problem.geometry import SAME_UPPER
from golden.suites.network_blocks import EFFICIENTNET, MOBILENET, uneven
from golden.suites.network_convnext import CONVNEXT
from golden.suites.network_layer import Layer, depthwise, pointwise, square
from golden.suites.network_layers import RESNET, VGG, VIT

BATCH = 32


def layers() -> list[Layer]:
    """List layers of every kind: the first of a network, wide and narrow kernels, strided, pointwise, depthwise."""
    single = [
        square(RESNET, 224, 3, 64, 7, 2),
        square(RESNET, 56, 64, 64, 3),
        square(RESNET, 56, 128, 128, 3, 2),
        pointwise(RESNET, 14, 1024, 256),
        square(RESNET, 7, 512, 512, 3),
        square(VGG, 224, 64, 64, 3, bias=True),
        square(VGG, 14, 512, 512, 3, bias=True),
        square(VIT, 224, 3, 768, 16, 16, pad=0, bias=True),
        depthwise(MOBILENET, 112, 96, 3, 2),
        depthwise(EFFICIENTNET, 14, 672, 5, pad=SAME_UPPER),
        uneven(17, 192, 192, (1, 7)),
        depthwise(CONVNEXT, 56, 96, 7, bias=True),
    ]
    return [replace(layer, batch=BATCH) for layer in single]
