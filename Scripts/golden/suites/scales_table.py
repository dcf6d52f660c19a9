"""The table of the suite `scales`: one geometry a line, in `scales.csv`."""

import csv
from math import prod
from pathlib import Path

from golden.problem.geometry import Geometry

PATH = Path(__file__).with_name("scales.csv")
HEADER = (
    *("batch", "height", "width", "channels", "kernel_height", "kernel_width", "filters"),
    *("stride_height", "stride_width", "dilation_height", "dilation_width"),
    *("padding", "top", "bottom", "left", "right", "groups", "bias"),
)


def products(geometry: Geometry) -> int:
    """Return the number of products of a convolution."""
    return prod(geometry.output) * geometry.products


def cost(geometry: Geometry) -> int:
    """Return what a case costs whoever runs it, in products; to draw and digest an element costs about eight."""
    return products(geometry) + 8 * (prod(geometry.input) + prod(geometry.filter) + prod(geometry.output))


def read(path: Path = PATH) -> list[Geometry]:
    """Return the geometries of a table; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [geometry_of(row) for row in csv.DictReader(file)]


def geometry_of(row: dict[str, str]) -> Geometry:
    """Return the geometry of one line."""
    n = {name: int(value) for name, value in row.items() if name != "padding"}
    return Geometry(
        (n["batch"], n["height"], n["width"], n["channels"]),
        (n["kernel_height"], n["kernel_width"], n["channels"] // n["groups"], n["filters"]),
        (n["stride_height"], n["stride_width"]),
        (n["dilation_height"], n["dilation_width"]),
        row["padding"],
        (n["top"], n["bottom"], n["left"], n["right"]),
        n["groups"],
        bool(n["bias"]),
    )


def write(geometries: list[Geometry], path: Path = PATH) -> None:
    """Write a table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADER)
        for g in geometries:
            kernel, filters = g.filter[:2], g.filter[3]
            shape = (*g.input, *kernel, filters, *g.strides, *g.dilations)
            lines.writerow((*shape, g.padding, *g.explicit_pads, g.groups, int(g.bias)))
