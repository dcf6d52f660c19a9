"""Suite `interactions`: a covering array over all parameters at once."""

from functools import cache

from golden.problem.geometry import EXPLICIT, PADDINGS, Geometry, GeometryError
from golden.problem.naming import catches, name_of
from golden.suites.covering import Constraint, Model, Proof, Row, covering_array, prove
from golden.suites.suite import Suite
from golden.vectors.case import Case
from golden.vectors.degeneracy import MOSTLY_ZERO

PADS = (1, 2, 3, 0)
FACTORS = {
    "batch": (1, 2),
    "height": (4, 7, 9),
    "width": (5, 8, 10),
    "channels": (1, 3, 4, 12),
    "filters": (3, 4, 8, 12),
    "kernel height": (1, 2, 3),
    "kernel width": (1, 2, 4),
    "stride height": (1, 2, 3),
    "stride width": (1, 2, 3),
    "dilation height": (1, 2, 3),
    "dilation width": (1, 2, 3),
    "padding": PADDINGS,
    "groups": (1, 2, 3, 4),
    "bias": (False, True),
}
FAMILIES = {"data": ("integer", "real")}
CONSTRAINED = ("height", "width", "kernel height", "kernel width", "dilation height", "dilation width", "padding")


def divide(channels: int, filters: int, groups: int) -> bool:
    """Return whether the groups divide channels and filters."""
    return channels % groups == 0 and filters % groups == 0


def fits(height: int, width: int, kh: int, kw: int, dh: int, dw: int, padding: str) -> bool:
    """Return whether the dilated kernel fits into the padded input."""
    geometry = Geometry((1, height, width, 1), (kh, kw, 1, 1), (1, 1), (dh, dw), padding, PADS)
    try:
        return min(geometry.output) > 0
    except GeometryError:
        return False


@cache
def array() -> tuple[Model, list[Row]]:
    """Return the factors with their constraints, and the rows: a covering array of the geometry, in both families."""
    constraints = (Constraint(("channels", "filters", "groups"), divide), Constraint(CONSTRAINED, fits))
    geometries = covering_array(Model(FACTORS, constraints), seed=1)
    model = Model({**FACTORS, **FAMILIES}, constraints)
    return model, [(*row, family) for row in geometries for family in range(len(FAMILIES["data"]))]


@cache
def proven() -> Proof:
    """Return what the rows cover; raises ValueError where that is not everything possible."""
    return prove(*array())


def cases() -> list[Case]:
    """List one case for each row of the covering array."""
    model, rows = array()
    return [case_of(model.named(row)) for row in rows]


def case_of(row: dict) -> Case:
    """Return the case of one row."""
    geometry = Geometry(
        input=(row["batch"], row["height"], row["width"], row["channels"]),
        filter=(row["kernel height"], row["kernel width"], row["channels"] // row["groups"], row["filters"]),
        strides=(row["stride height"], row["stride width"]),
        dilations=(row["dilation height"], row["dilation width"]),
        padding=row["padding"],
        explicit_pads=PADS,
        groups=row["groups"],
        bias=row["bias"],
    )
    reason = "windows that lie wholly in a pad give zero, as they must"
    allowed = {MOSTLY_ZERO: reason} if geometry.padding == EXPLICIT else {}
    name = name_of(geometry, row["data"], image=True)
    return Case(name, geometry, catches(geometry), row["data"], allowed=allowed)


def coverage(cases: list[Case]) -> list[str]:
    """Prove that every possible combination of the values of every three factors occurs."""
    model, _ = array()
    proof = proven()
    factors = zip(model.names, model.values, strict=True)
    values = "; ".join(f"{name} {', '.join(map(str, of_name))}" for name, of_name in factors)
    return [
        f"{len(model.names)} factors: {values}.",
        f"{len(cases)} cases hold all {proof.covered} of {proof.possible} possible combinations of the values of every "
        f"three factors; {proof.ruled_out} more are ruled out, since groups must divide channels and filters, and the "
        "dilated kernel must fit into the padded input.",
    ]


SUITE = Suite(
    name="interactions",
    title="Every combination of every three parameters",
    description=(
        "A covering array of strength three over all parameters: a fault that needs three of them at once, such as a "
        "dilation in a grouped convolution with SAME_LOWER padding, meets a case that has all three. Each geometry "
        "comes with integer and with real data."
    ),
    cases=cases,
    coverage=coverage,
)
