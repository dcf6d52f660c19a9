"""One convolution layer of a network, as it was published."""

from dataclasses import dataclass

from golden.problem.geometry import EXPLICIT, SAME_UPPER, VALID, Geometry, Pair


@dataclass(frozen=True)
class Network:
    """A network: a word for tags and names, its title, and where it was published."""

    tag: str
    title: str
    source: str


@dataclass(frozen=True)
class Layer:
    """One layer: image and kernel as (height, width), channels, filters; `pad` is a number of zeros, or SAME_UPPER.

    `batch` is 1, as where a network is used, or more, as in training. `reduced` is an (height, width) to use in place
    of the image, where the rule of the suite would leave nothing of a wide kernel.
    """

    network: Network
    image: Pair
    channels: int
    filters: int
    kernel: Pair
    stride: Pair = (1, 1)
    pad: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = False
    batch: int = 1
    reduced: Pair | None = None

    def geometry(self, image: Pair) -> Geometry:
        """Return the layer as a problem, on an image of another height and width."""
        pads = (0, 0, 0, 0)
        if isinstance(self.pad, str):
            padding = VALID if self.kernel == (1, 1) == self.stride else self.pad
        else:
            pads = (self.pad[0], self.pad[0], self.pad[1], self.pad[1])
            padding = EXPLICIT if any(pads) else VALID
        return Geometry(
            (self.batch, *image, self.channels),
            (*self.kernel, self.channels // self.groups, self.filters),
            self.stride,
            self.dilation,
            padding,
            pads,
            self.groups,
            self.bias,
        )


def square(
    network: Network, size: int, channels: int, filters: int, kernel: int, stride: int = 1, **rest: object
) -> Layer:
    """Return a layer with a square image and kernel, padded by half the kernel unless `pad` says otherwise."""
    pad = rest.pop("pad", kernel // 2)
    pads = pad if pad == SAME_UPPER else (pad, pad)
    return Layer(network, (size, size), channels, filters, (kernel, kernel), (stride, stride), pads, **rest)


def pointwise(network: Network, size: int, channels: int, filters: int, stride: int = 1, **rest: object) -> Layer:
    """Return a 1x1 layer."""
    return square(network, size, channels, filters, 1, stride, **rest)


def depthwise(network: Network, size: int, channels: int, kernel: int, stride: int = 1, **rest: object) -> Layer:
    """Return a depthwise layer, one filter to each channel."""
    return square(network, size, channels, channels, kernel, stride, groups=channels, **rest)
