"""One fault of the suite `regressions`: the geometries at which it was met, and their neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from golden.drawing.families import Tensors
from golden.problem.geometry import EXPLICIT, SAME_UPPER, VALID, Geometry, Pads, Pair
from golden.problem.naming import name_of
from golden.suites.reports import BY_ID
from golden.vectors.case import Case
from golden.vectors.degeneracy import MOSTLY_ZERO

LARGEST_STORED = 6000  # elements of input, filter and output together; above, a digest case


@dataclass(frozen=True)
class Regression:
    """One fault: the ids of its reports (the first names the cases), and in `fault` what an engine does.

    `thin` maps a kind of degeneracy to the reason why a case may have it; `given` holds, by geometry, tensors as they
    were reported.
    """

    ids: str
    fault: str
    reported: tuple[Geometry, ...]
    neighbours: tuple[Geometry, ...] = ()
    thin: dict[str, str] = field(default_factory=dict)
    given: dict[Geometry, Tensors] = field(default_factory=dict)
    remark: str = ""

    @property
    def group(self) -> str:
        """The class of the fault."""
        return BY_ID[self.ids.split(", ")[0]].group

    def cases(self) -> Iterator[Case]:
        """Yield the cases: those reported, then their neighbours."""
        for geometry in self.reported:
            yield self.case(geometry, "trigger", "as reported")
        for geometry in self.neighbours:
            yield self.case(geometry, "neighbour", "next to what was reported")

    def case(self, geometry: Geometry, tag: str, where: str) -> Case:
        """Return the case of one geometry."""
        first = self.ids.split(", ")[0]
        pads = "_".join(map(str, geometry.pads))
        name = name_of(geometry, "integer", image=True).replace("explicit", f"explicit_{pads}")
        far = "windows that lie wholly in a pad give zero, as they must"
        return Case(
            f"{first.replace('#', '-').replace('/', '-')}-{name}",
            geometry,
            f"Catches {self.fault}: {where}.{' ' * bool(self.remark)}{self.remark}",
            tags=("regression", f"fault-{self.group}", tag),
            source=self.ids,
            allowed=({MOSTLY_ZERO: far} if geometry.padding == EXPLICIT else {}) | self.thin,
            given=self.given.get(geometry),
            is_digest=sum(map(prod, (geometry.input, geometry.filter, geometry.output))) > LARGEST_STORED,
        )


def conv(
    image: tuple[int, int, int],
    filters: int,
    kernel: Pair,
    pads: Pads | str = VALID,
    batch: int = 1,
    groups: int = 1,
    **rest: object,
) -> Geometry:
    """Return a geometry: an image as height, width, channels; pads, or the kind of padding."""
    explicit = {"padding": EXPLICIT, "explicit_pads": pads} if isinstance(pads, tuple) else {"padding": pads}
    return Geometry((batch, *image), (*kernel, image[2] // groups, filters), groups=groups, **explicit, **rest)


def depthwise(image: tuple[int, int, int], kernel: Pair, pads: Pads | str = SAME_UPPER, **rest: object) -> Geometry:
    """Return a depthwise geometry, one filter to each channel."""
    return conv(image, image[2], kernel, pads, groups=image[2], **rest)
