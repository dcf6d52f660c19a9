"""The covering array of the suite `transposed`: sizes that follow from what the transposed convolution is given."""

from golden.problem.geometry import EXPLICIT, PADDINGS, SAME_LOWER, SAME_UPPER, Geometry, Pads
from golden.problem.kinds import FLOAT32, INPUT_GRADIENT, Kind
from golden.problem.naming import INTEGER, REAL
from golden.suites.arrays import Array
from golden.suites.covering import Constraint
from golden.suites.interactions import divide
from golden.suites.operand_cases import operand_case
from golden.vectors.case import Case

KIND = Kind.floating(INPUT_GRADIENT, FLOAT32)
PADS = (1, 0, 0, 2)  # what is cropped from the transposed convolution's answer
MOST = "stride - 1"


def has_leftover(stride: int, leftover: int | str) -> bool:
    """Return whether so much may be left over, apart from what another value stands for."""
    return stride > 2 if leftover == MOST else leftover < stride


ROWS = """
    11001210011001011 10010003200113100 01122123110210210 00102012301220000 00111100300022111 01120121001103001
    10022223311122201 01010202111211111 11022001300001210 10111213100202000 00101021210011001 01110010011002100
    10011121211100110 01021202201023000 11000112310112010 11122210200010201 00002113000203011 10122100111003201
    11120013211221011 10000022100100001 01110221310120101 01101001101112010 10122102010101200 11111023311223110
    00022020201012210 11010120200021100 10012211310013011 01022003001100211 00111212301101101 00100223000001010
    10101103301010001 01112122200202001 10011222000200110 10010111101011100 11002102211121011 01011010110010010
    11122212100113210 00122011210123210 00100200300023000 10022201011002201 10021122111212011 01000203210220010
    00022022301213201 01001002010202001 01011023110003101 11001211200122001 10000120311000011 00122110311021201
    10110220101012111 10010112011003110 10121011000100001 10122102200220211 00010113300211100 00112023011201001
    01010101010102111 11001110210003001 11022012100002211 01122203101111201 01102221111103011 11001000110011011
    00110212211222101 10122223200201200 00020022310021001 00122221101110200 01002103211012011 00011001311123110
    10012000000003010 01110013110110100 01121113201021000 11120100011000010 11010023001202100 01011002210010101
    01100222111213010 01101213001103001 00001020301022000 11022101210123211 00121110310013000 11100111310020010
    10001202301201011 10122113311202201 11112221311122011 11110021110101110 00022013000003200 00120200110012001
    01010001210100000 00101003110203001 11022020300020211 10122220010003201 11121223201213000 10111210310003100
    10100212211021010 11002110101001001 00112103110100011 01122121011001010 00001101001000010 11022012001203200
    11111200210020100 11001201201021010 01011223011201111
"""
ARRAY = Array(
    {
        "batch": (1, 2),
        "rows": (2, 3),
        "columns": (3, 4),
        "channels": (1, 3, 4),
        "filters": (3, 6, 8),
        "kernel height": (1, 2, 3),
        "kernel width": (1, 2, 4),
        "stride height": (1, 2, 3, 4),
        "stride width": (1, 2, 3, 4),
        "dilation height": (1, 2),
        "dilation width": (1, 3),
        "left over height": (0, 1, MOST),
        "left over width": (0, 1, MOST),
        "padding": PADDINGS,
        "groups": (1, 3, 4),
        "bias": (False, True),
        "data": (INTEGER, REAL),
    },
    (
        Constraint(("channels", "filters", "groups"), divide),
        Constraint(("stride height", "left over height"), has_leftover),
        Constraint(("stride width", "left over width"), has_leftover),
    ),
    ROWS,
)


def transposed(
    given: tuple[int, int, int, int],
    kernel: tuple[int, int],
    channels: int,
    strides: tuple[int, int] = (1, 1),
    padding: str | Pads = "VALID",
    left_over: tuple[int, int] = (0, 0),
    dilations: tuple[int, int] = (1, 1),
    groups: int = 1,
    bias: bool = False,
) -> Geometry:
    """Return the forward geometry of a transposed convolution of (batch, rows, columns, filters) to some channels.

    `left_over` is what the answer has beyond what the windows span: PyTorch's output_padding; under SAME, how much it
    has less than the stride times the rows.
    """
    batch, rows, columns, filters = given
    pads = padding if isinstance(padding, tuple) else (0, 0, 0, 0)
    sizes = []
    for axis, (places, taps) in enumerate(zip((rows, columns), kernel, strict=True)):
        if padding in (SAME_UPPER, SAME_LOWER):
            sizes.append(places * strides[axis] - left_over[axis])
        else:
            spanned = (places - 1) * strides[axis] + (taps - 1) * dilations[axis] + 1
            sizes.append(spanned - pads[2 * axis] - pads[2 * axis + 1] + left_over[axis])
    return Geometry(
        (batch, *sizes, channels),
        (*kernel, channels // groups, filters),
        strides,
        dilations,
        EXPLICIT if isinstance(padding, tuple) else padding,
        pads,
        groups,
        bias,
    )


def array_cases() -> list[Case]:
    """List one case for each row of the array."""
    return [operand_case(KIND, geometry_of(row), row["data"], tags=("transposed",)) for row in ARRAY.named()]


def geometry_of(row: dict) -> Geometry:
    """Return the geometry of a row."""
    strides = (row["stride height"], row["stride width"])
    left_over = tuple(
        stride - 1 if left == MOST else left
        for stride, left in zip(strides, (row["left over height"], row["left over width"]), strict=True)
    )
    return transposed(
        (row["batch"], row["rows"], row["columns"], row["filters"]),
        (row["kernel height"], row["kernel width"]),
        row["channels"],
        strides,
        PADS if row["padding"] == EXPLICIT else row["padding"],
        left_over,
        (row["dilation height"], row["dilation width"]),
        row["groups"],
        row["bias"],
    )
