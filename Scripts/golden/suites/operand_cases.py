"""Cases of any operation and element type: their names, and what they may have that would be degenerate elsewhere."""

from golden.problem.geometry import Geometry
from golden.problem.kinds import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, Kind
from golden.problem.naming import INTEGER, catches, catches_gradient, name_of
from golden.vectors.case import Case
from golden.vectors.degeneracy import MOSTLY_ZERO


def operand_case(
    kind: Kind, geometry: Geometry, data: str = INTEGER, slug: str = "", note: str = "", **rest: object
) -> Case:
    """Return a case of some kind; without a note, it says which faults the geometry shows."""
    named = name_of(geometry, data, image=True).replace("explicit", "explicit_" + "_".join(map(str, geometry.pads)))
    types = [] if kind.is_floating else [f"{kind.input}-{kind.filter}"]
    types += [f"to-{kind.output}"] if kind.is_quantized else []
    operation = [kind.operation] if kind.is_floating else []
    name = "-".join([*([slug] if slug else []), *operation, *types, named])
    text = note or (catches(geometry) if kind.operation == FORWARD else catches_gradient(geometry, kind.operation))
    rest["allowed"] = thin(kind, geometry) | rest.get("allowed", {})
    return Case(name, geometry, text, data, kind=kind, **rest)


def thin(kind: Kind, geometry: Geometry) -> dict[str, str]:
    """Return what makes half an answer zero, as it must."""
    if kind.operation == INPUT_GRADIENT:
        return {MOSTLY_ZERO: "what no window meets gets zero, as it must"}
    if kind.operation == FILTER_GRADIENT:
        return {MOSTLY_ZERO: "taps that see nothing but padding get zero, as they must"}
    far = max(geometry.pads) > 0
    return {MOSTLY_ZERO: "windows that lie wholly in a pad give zero, as they must"} if far else {}
