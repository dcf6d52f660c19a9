"""Why a problem has no output: what must be refused."""

from golden.problem.geometry import EXPLICIT, VALID, Geometry

LARGEST = 2**63 - 1  # of the sizes that an engine is told


def objections(geometry: Geometry, biases: int | None) -> list[str]:
    """Return why a problem has no output, whichever way one looks at it; empty for a valid one."""
    channels, (_, _, depth, filters), groups = geometry.input[3], geometry.filter, geometry.groups
    least_one = {
        "groups": groups,
        "stride height": geometry.strides[0],
        "stride width": geometry.strides[1],
        "dilation height": geometry.dilations[0],
        "dilation width": geometry.dilations[1],
        "kernel height": geometry.filter[0],
        "kernel width": geometry.filter[1],
    }
    found = [f"{name} is {value}, and must be at least 1" for name, value in least_one.items() if value < 1]
    if groups >= 1:
        unequal = {"channels": channels % groups, "filters": filters % groups}
        found += [f"{groups} groups do not divide the {name}" for name, rest in unequal.items() if rest]
        if depth * groups != channels:
            found.append(f"the filter is for {depth} channels in each of {groups} groups, the input has {channels}")
    if biases not in (None, filters):
        found.append(f"{biases} biases for {filters} filters")
    return found or too_large(geometry)


def too_large(geometry: Geometry) -> list[str]:
    """Return why a problem with sound parameters has sizes that do not fit each other, or do not fit 64 bits."""
    top, bottom, left, right = geometry.pads
    sizes = []
    for axis, (before, after) in enumerate(((top, bottom), (left, right))):
        size, extent = geometry.input[1 + axis] + before + after, geometry.extent[axis]
        if max(size, extent) > LARGEST:
            return [f"the padded input ({size}) or the dilated kernel ({extent}) does not fit 64 bits"]
        if geometry.padding in (EXPLICIT, VALID) and extent > size:
            return [f"the dilated kernel spans {extent}, the padded input {size}"]
        sizes.append((size - extent) // geometry.strides[axis] + 1)
    elements = geometry.input[0] * sizes[0] * sizes[1] * geometry.filter[3]
    return [f"the output has {elements} elements, which 64 bits do not count"] if elements > LARGEST else []
