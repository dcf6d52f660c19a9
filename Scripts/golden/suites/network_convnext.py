"""The convolution layers of ConvNeXt-T."""

from golden.suites.network_layer import Layer, Network, depthwise, pointwise, square

AUTHORS = "Liu, Mao, Wu, Feichtenhofer, Darrell, Xie"
CONVNEXT = Network("convnext-t", "ConvNeXt-T", f"{AUTHORS}: A ConvNet for the 2020s, 2022")
STAGES = ((96, 3), (192, 3), (384, 9), (768, 3))  # channels and blocks at 56x56, 28x28, 14x14, 7x7


def layers() -> list[Layer]:
    """List ConvNeXt-T: patches of 4x4, then blocks of a 7x7 depthwise and two 1x1 layers, patches of 2x2 between."""
    channels, size = STAGES[0][0], 56
    listed = [square(CONVNEXT, 224, 3, channels, 4, 4, pad=0, bias=True)]
    for width, blocks in STAGES:
        if width != channels:
            listed.append(square(CONVNEXT, size, channels, width, 2, 2, pad=0, bias=True))
            channels, size = width, size // 2
        block = [
            depthwise(CONVNEXT, size, width, 7, bias=True),
            pointwise(CONVNEXT, size, width, 4 * width, bias=True),
            pointwise(CONVNEXT, size, 4 * width, width, bias=True),
        ]
        listed += block * blocks
    return listed
