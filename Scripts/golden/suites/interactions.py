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
# The rows, found once by the greedy construction: a digit for each factor, the place of its value. They are written
# down, so that a new value adds rows and leaves the cases that there are: what the rows lack is completed.
ROWS = """
    11200212011101 10032011220310 02113100002300 02223121120131 01121022111210 01032200212031 10013010101121
    10230102121020 12112221221201 12031002000231 00202220100200 00210022212321 11013121010020 12122110212110
    00101011022001 02020212201000 11221201202130 11100000120301 01231120001011 00222201011311 12000101112200
    02130210220220 11203112222201 10133222112330 01130021002120 11122112100031 01012202020100 12223010021330
    00001122210301 02103002211100 00133101200211 00023020022211 11011111121300 02231210110101 12231212102311
    12210001001221 12021220220010 01213200110221 00033211011131 10020120000301 10212010211000 00032102122111
    12132020012231 01023001102001 01110112201321 12002121001101 00021100111330 12113202222021 01202022022300
    10201200021100 10110221210121 00231012221230 02232001110010 11133120221030 11123212010210 10203221200000
    02010120122120 11022011202210 02121201122231 02003210220301 12030221111320 12221122012030 00210122020220
    10111000200201 11233021220110 01101112100100 02112211102300 00022022101130 01110010011021 00120211122101
    11032102201200 01000100111000 11132100121311 01220000210201 02211211010301 10030021020001 01033001020321
    10123012202011 10102200002200 01021010202331 11122211020330 02233110021211 12202122210001 10121202221301
    01010211202220 00031020110130 11211222102000 11000021201301 01133210002000 10233001001031 02031221001111
    10200200102101 10031100112210 10213112112121 00003012121201 02101020020201 11222212002100 12023110220230
    01233122011311 01013000221121 11222102122231 01131201201010 00013222000020 12130020120320 01121210120130
    02112120020001 02102112200300 02003120001301 02011022010100 01210222222000 00232200011301 01032020022211
    11123102102010
"""
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
    kept = [tuple(map(int, row)) for row in ROWS.split()]
    geometries = covering_array(Model(FACTORS, constraints), seed=1, rows=kept)
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
