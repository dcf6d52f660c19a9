"""The convolution layers of Stable Diffusion, a latent diffusion model: of its U-Net and its autoencoder of images."""

from golden.problem.geometry import SAME_UPPER
from golden.suites.network_layer import Layer, Network, pointwise, square

PAPER = "Rombach, Blattmann, Lorenz, Esser, Ommer: High-Resolution Image Synthesis with Latent Diffusion Models, 2022"
DIFFUSION = Network("latent-diffusion", "latent diffusion's U-Net", PAPER)
AUTOENCODER = Network("latent-diffusion-vae", "latent diffusion's autoencoder", PAPER)

LATENT = 4  # channels of what is diffused
DIFFUSION_WIDTHS = (320, 640, 1280, 1280)  # channels at 64x64, 32x32, 16x16, 8x8
AUTOENCODER_WIDTHS = (128, 256, 512, 512)  # channels at 512x512, 256x256, 128x128, 64x64


def residual(network: Network, size: int, channels: int, filters: int) -> list[Layer]:
    """List a residual block: two 3x3 layers, and a 1x1 layer beside them where the channels change."""
    layers = [
        square(network, size, channels, filters, 3, bias=True),
        square(network, size, filters, filters, 3, bias=True),
    ]
    return layers if channels == filters else [*layers, pointwise(network, size, channels, filters, bias=True)]


def attention(network: Network, size: int, channels: int, count: int) -> list[Layer]:
    """List the 1x1 layers of attention."""
    return [pointwise(network, size, channels, channels, bias=True)] * count


def diffusion() -> list[Layer]:
    """List the U-Net on latents of 64x64, of images of 512x512 (`configs/stable-diffusion/v1-inference.yaml`).

    Two residual blocks a level go down, three go up, each of which also takes what a layer on the way down gave.
    Attention, between two 1x1 layers, follows each of them but on the last level, and stands in the middle.
    """
    layers = [square(DIFFUSION, 64, LATENT, DIFFUSION_WIDTHS[0], 3, bias=True)]
    channels, size, last = DIFFUSION_WIDTHS[0], 64, len(DIFFUSION_WIDTHS) - 1
    passed = [channels]
    for level, width in enumerate(DIFFUSION_WIDTHS):
        for _ in range(2):
            layers += residual(DIFFUSION, size, channels, width)
            layers += attention(DIFFUSION, size, width, 2 if level < last else 0)
            channels = width
            passed.append(channels)
        if level < last:
            layers.append(square(DIFFUSION, size, channels, channels, 3, 2, bias=True))
            size //= 2
            passed.append(channels)
    middle = residual(DIFFUSION, size, channels, channels)
    layers += [*middle, *attention(DIFFUSION, size, channels, 2), *middle]
    for level, width in reversed(list(enumerate(DIFFUSION_WIDTHS))):
        for _ in range(3):
            layers += residual(DIFFUSION, size, channels + passed.pop(), width)
            layers += attention(DIFFUSION, size, width, 2 if level < last else 0)
            channels = width
        if level > 0:
            size *= 2
            layers.append(square(DIFFUSION, size, channels, channels, 3, bias=True))
    return [*layers, square(DIFFUSION, size, channels, LATENT, 3, bias=True)]


def autoencoder() -> list[Layer]:
    """List encoder and decoder for images of 512x512 (`ldm/modules/diffusionmodules/model.py`).

    Where the encoder halves an image it pads it by one row below and one column to the right: SAME_UPPER.
    """
    first, deep = AUTOENCODER_WIDTHS[0], AUTOENCODER_WIDTHS[-1]
    layers = [square(AUTOENCODER, 512, 3, first, 3, bias=True)]
    channels, size, last = first, 512, len(AUTOENCODER_WIDTHS) - 1
    for level, width in enumerate(AUTOENCODER_WIDTHS):
        layers += [*residual(AUTOENCODER, size, channels, width), *residual(AUTOENCODER, size, width, width)]
        channels = width
        if level < last:
            layers.append(square(AUTOENCODER, size, channels, channels, 3, 2, pad=SAME_UPPER, bias=True))
            size //= 2
    beside = residual(AUTOENCODER, size, deep, deep)
    middle = [*beside, *attention(AUTOENCODER, size, deep, 4), *beside]
    layers += [
        *middle,
        square(AUTOENCODER, size, deep, 2 * LATENT, 3, bias=True),
        pointwise(AUTOENCODER, size, 2 * LATENT, 2 * LATENT, bias=True),
        pointwise(AUTOENCODER, size, LATENT, LATENT, bias=True),
        square(AUTOENCODER, size, LATENT, deep, 3, bias=True),
        *middle,
    ]
    for level, width in reversed(list(enumerate(AUTOENCODER_WIDTHS))):
        layers += residual(AUTOENCODER, size, channels, width) + 2 * residual(AUTOENCODER, size, width, width)
        channels = width
        if level > 0:
            size *= 2
            layers.append(square(AUTOENCODER, size, channels, channels, 3, bias=True))
    return [*layers, square(AUTOENCODER, size, channels, 3, 3, bias=True)]


def layers() -> list[Layer]:
    """List both."""
    return [*diffusion(), *autoencoder()]
