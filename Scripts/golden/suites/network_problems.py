"""The layers of all networks at their true sizes, as a list of problems.

PYTHONPATH=Scripts python3 -m golden.suites.network_problems > Scripts/engines/problems/networks.csv
"""

from golden.problem.geometry import Geometry
from golden.problem.naming import INTEGER, name_of
from golden.suites import network_batches, network_blocks, network_convnext, network_diffusion, network_layers
from golden.suites.network_layer import Layer

COLUMNS = (
    "name,batch,height,width,channels,filters,kernel_height,kernel_width,stride_height,stride_width,"
    "dilation_height,dilation_width,pad_top,pad_bottom,pad_left,pad_right,groups,bias,operation"
)
HEAD = "# Layers of networks at their true sizes, each once: those of the suites `networks` and `networks-full`."


def layers() -> list[Layer]:
    """Return the layers of all networks: first those of the suite `networks`, which name what several have."""
    modules = (network_layers, network_blocks, network_convnext, network_diffusion, network_batches)
    return [layer for module in modules for layer in module.layers()]


def problems() -> dict[Geometry, str]:
    """Return the distinct layers with their names: the network that has one first, its size, and its shape."""
    named: dict[Geometry, str] = {}
    for layer in layers():
        geometry = layer.geometry(layer.image)
        shape, _ = name_of(geometry, INTEGER, image=True).rsplit("-", 1)
        pads = "_".join(map(str, geometry.pads))
        named.setdefault(geometry, f"{layer.network.tag}-{shape.replace('explicit', f'explicit_{pads}')}")
    return named


def line(geometry: Geometry, name: str) -> str:
    """Return the line of a problem."""
    numbers = (
        *geometry.input,
        geometry.filter[3],
        *geometry.filter[:2],
        *geometry.strides,
        *geometry.dilations,
        *geometry.pads,
        geometry.groups,
    )
    return ",".join([name, *map(str, numbers), str(geometry.bias).lower(), "forward"])


def listed() -> str:
    """Return the whole list."""
    return "\n".join([HEAD, COLUMNS, *(line(geometry, name) for geometry, name in problems().items())]) + "\n"


if __name__ == "__main__":
    print(listed(), end="")
