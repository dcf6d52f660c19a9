"""The convolution layers of networks that are listed layer by layer."""

from golden.suites.network_layer import Layer, Network, pointwise, square

RESNET = Network("resnet-50", "ResNet-50", "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015")
VGG = Network("vgg-16", "VGG-16", "Simonyan, Zisserman: Very Deep Convolutional Networks, 2014")
U_NET = Network("u-net", "U-Net", "Ronneberger, Fischer, Brox: U-Net, 2015")
VIT = Network("vit-b-16", "ViT-B/16", "Dosovitskiy et al.: An Image is Worth 16x16 Words, 2020")
DEEPLAB = Network("deeplab-v3", "DeepLabv3", "Chen, Papandreou, Schroff, Adam: Rethinking Atrous Convolution, 2017")
WHISPER = Network("whisper", "Whisper", "Radford et al.: Robust Speech Recognition via Weak Supervision, 2022")
WAV2VEC = Network("wav2vec-2", "wav2vec 2.0", "Baevski, Zhou, Mohamed, Auli: wav2vec 2.0, 2020")


def resnet() -> list[Layer]:
    """List ResNet-50, which strides in the 3x3 layers."""
    layers = [square(RESNET, 224, 3, 64, 7, 2), pointwise(RESNET, 56, 64, 64)]
    channels, size = 64, 56
    for stage, width in enumerate((64, 128, 256, 512)):
        stride, larger = (1, size) if stage == 0 else (2, size)
        size //= stride
        layers += [
            pointwise(RESNET, larger, channels, width),
            square(RESNET, larger, width, width, 3, stride),
            pointwise(RESNET, size, width, 4 * width),
            pointwise(RESNET, larger, channels, 4 * width, stride),
            pointwise(RESNET, size, 4 * width, width),
            square(RESNET, size, width, width, 3),
        ]
        channels = 4 * width
    return layers


def vgg() -> list[Layer]:
    """List VGG-16."""
    sizes = ((224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256), (56, 256, 256))
    sizes += ((28, 256, 512), (28, 512, 512), (14, 512, 512))
    return [square(VGG, size, channels, filters, 3, bias=True) for size, channels, filters in sizes]


def u_net() -> list[Layer]:
    """List U-Net, without its transposed convolutions."""
    down = ((572, 1, 64), (570, 64, 64), (284, 64, 128), (282, 128, 128), (140, 128, 256), (138, 256, 256))
    down += ((68, 256, 512), (66, 512, 512), (32, 512, 1024), (30, 1024, 1024))
    up = ((56, 1024, 512), (54, 512, 512), (104, 512, 256), (102, 256, 256), (200, 256, 128), (198, 128, 128))
    up += ((392, 128, 64), (390, 64, 64))
    layers = [square(U_NET, size, channels, filters, 3, pad=0, bias=True) for size, channels, filters in down + up]
    return [*layers, pointwise(U_NET, 388, 64, 2, bias=True)]


def vit() -> list[Layer]:
    """List the patch embedding of ViT-B/16."""
    return [square(VIT, 224, 3, 768, 16, 16, pad=0, bias=True)]


def deeplab() -> list[Layer]:
    """List what DeepLabv3 adds to ResNet: atrous layers, with 33x33 features.

    With all channels, a few pixels are all that the work allows: rows or columns of pixels, so that the taps of a wide
    kernel still meet the image.
    """
    kept = {
        (512, 512): {2: ((4, 5),), 4: ((5, 6),), 8: ((1, 18), (17, 1))},
        (2048, 256): {6: ((1, 9), (8, 1)), 12: ((1, 14), (13, 1)), 18: ((1, 20), (19, 1))},
    }
    atrous = [
        square(DEEPLAB, 33, channels, filters, 3, pad=rate, dilation=(rate, rate), reduced=image)
        for (channels, filters), rates in kept.items()
        for rate, images in rates.items()
        for image in images
    ]
    return [
        *atrous,
        pointwise(DEEPLAB, 33, 2048, 256),
        pointwise(DEEPLAB, 1, 2048, 256),
        pointwise(DEEPLAB, 33, 1280, 256),
        pointwise(DEEPLAB, 33, 256, 21, bias=True),
    ]


def line(network: Network, length: int, channels: int, filters: int, kernel: int, **rest: object) -> Layer:
    """Return a one-dimensional layer as a two-dimensional one of height 1."""
    stride, pad = rest.pop("stride", 1), rest.pop("pad", 0)
    return Layer(network, (1, length), channels, filters, (1, kernel), (1, stride), (0, pad), **rest)


def whisper() -> list[Layer]:
    """List the two layers in front of Whisper's encoder, at three of its sizes: 3000 frames of 80 bands."""
    layers = []
    for width in (384, 512, 768):
        layers.append(line(WHISPER, 3000, 80, width, 3, pad=1, bias=True))
        layers.append(line(WHISPER, 3000, width, width, 3, stride=2, pad=1, bias=True))
    return layers


def wav2vec() -> list[Layer]:
    """List wav2vec 2.0's feature encoder, on a second of 16 kHz, and its positional layer."""
    return [
        line(WAV2VEC, 16000, 1, 512, 10, stride=5),
        line(WAV2VEC, 3199, 512, 512, 3, stride=2),
        line(WAV2VEC, 199, 512, 512, 2, stride=2),
        line(WAV2VEC, 99, 512, 512, 2, stride=2),
        line(WAV2VEC, 49, 768, 768, 128, pad=64, groups=16, bias=True, reduced=(1, 11)),
    ]


def layers() -> list[Layer]:
    """List them all."""
    return [*resnet(), *vgg(), *u_net(), *vit(), *deeplab(), *whisper(), *wav2vec()]
