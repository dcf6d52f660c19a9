"""Covering arrays of the suites of element types and operations: their factors, and what is in each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from golden.problem.geometry import EXPLICIT, PADDINGS, Geometry
from golden.suites.covering import Constraint, Model, Proof, Row, covering_array, prove
from golden.suites.interactions import PADS, divide, fits

GEOMETRY: dict[str, tuple] = {
    "batch": (1, 2),
    "height": (4, 7),
    "width": (5, 8),
    "channels": (1, 3, 4, 6),
    "filters": (3, 6, 8),
    "kernel height": (1, 2, 3),
    "kernel width": (1, 2, 4),
    "stride height": (1, 2, 3),
    "stride width": (1, 2, 3),
    "dilation height": (1, 2),
    "dilation width": (1, 3),
    "padding": PADDINGS,
    "groups": (1, 2, 3, 4),
}
CONSTRAINTS = (
    Constraint(("channels", "filters", "groups"), divide),
    Constraint(
        ("height", "width", "kernel height", "kernel width", "dilation height", "dilation width", "padding"), fits
    ),
)


@dataclass(frozen=True)
class Array:
    """A covering array of strength three: factors with their values, constraints, and the rows found once.

    The rows are written down as digits, the place of each factor's value, so that a new value adds rows and leaves the
    cases that there are: what the rows lack is completed.
    """

    factors: Mapping[str, tuple]
    constraints: tuple[Constraint, ...]
    rows: str

    @cached_property
    def model(self) -> Model:
        """The factors with their constraints."""
        return Model(self.factors, self.constraints)

    @cached_property
    def all_rows(self) -> list[Row]:
        """The rows, completed."""
        kept = [tuple(map(int, row)) for row in self.rows.split()]
        return covering_array(self.model, seed=1, rows=kept)

    @cached_property
    def proof(self) -> Proof:
        """What the rows cover; raises ValueError where that is not everything possible."""
        return prove(self.model, self.all_rows)

    def named(self) -> list[dict]:
        """Return the rows with the values of the factors by name."""
        return [self.model.named(row) for row in self.all_rows]

    def coverage(self, what: str = "") -> list[str]:
        """Prove that every possible combination of the values of every three factors occurs, and say so."""
        proof = self.proof
        values = "; ".join(f"{name} {', '.join(map(str, of_name))}" for name, of_name in self.factors.items())
        return [
            f"{len(self.factors)} factors: {values}.",
            f"{len(self.all_rows)} cases{what} hold all {proof.covered} of {proof.possible} possible combinations of "
            f"the values of every three factors; {proof.ruled_out} more are ruled out.",
        ]


def geometry_of(row: Mapping[str, object], bias: bool = False) -> Geometry:
    """Return the geometry of a row."""
    return Geometry(
        input=(row["batch"], row["height"], row["width"], row["channels"]),
        filter=(row["kernel height"], row["kernel width"], row["channels"] // row["groups"], row["filters"]),
        strides=(row["stride height"], row["stride width"]),
        dilations=(row["dilation height"], row["dilation width"]),
        padding=row["padding"],
        explicit_pads=PADS if row["padding"] == EXPLICIT else (0, 0, 0, 0),
        groups=row["groups"],
        bias=bias,
    )
