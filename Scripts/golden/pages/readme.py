"""`README.md` of the golden files: their format, their data, and what each suite holds and covers."""

from collections import Counter
from collections.abc import Callable

from golden import FORMAT, FORMAT_VERSION, GENERATOR
from golden.pages.readme_kinds import kinds_text
from golden.pages.readme_operations import OPERATIONS_TEXT
from golden.pages.readme_reach import reach_text
from golden.pages.readme_reports import reports_text
from golden.problem.naming import INTEGER, REAL, SPECIAL
from golden.suites import ALL
from golden.suites.suite import Suite
from golden.vectors import checksum
from golden.vectors.case import OUTPUT, Case

NAME = "README.md"
KILLS = """\
Which deliberately wrong engine is caught by which suite, and what catches nothing that another does not, is in
[kill-matrix.md](kill-matrix.md), which `convcheck selftest --markdown Golden/kill-matrix.md` writes.
"""
READING = "## Reading a case in Python"

FORMAT_TEXT = f"""\
# Golden vectors for 2-D convolution

Operands and exact answers of 2-D convolutions as deep learning means them (cross-correlation: `tf.nn.conv2d`,
`torch.nn.functional.conv2d`, `jax.lax.conv_general_dilated`), of their gradients and of transposed convolutions, in
floating types of 16, 32 and 64 bits and in integers, for checking an implementation.
This page and the files beside it were made by `{GENERATOR.split()[0]}`; edit neither.

    python3 Scripts/generate_golden.py            make them anew
    python3 Scripts/generate_golden.py --check    name whatever differs from what would be made
    cd Golden && sha256sum -c SHA256SUMS          are the files as they were checked in?

## What an answer means

    output[n, i, j, o] = bias[o] + sum over p, q, c of
                         padded[n, i * stride_h + p * dilation_h, j * stride_w + q * dilation_w, c] * filter[p, q, c, o]

`padded` is the input with zeros around each image. With groups, c runs over the channels of the group of filter o:
group g has channels g * C / G up to (g + 1) * C / G and filters g * F / G up to (g + 1) * F / G. The gradients, and
what becomes of it in integers, are [further down](#operations).

`expected` is the exact sum, rounded once to float64. Rounding that to float32 gives the exact sum rounded once to
float32, and so in every other type: the generator refuses data where it would not. No order of summation, library or
machine has a part in it. Each value was computed by two formulations in two kinds of arithmetic, which had to agree in
every bit: a loop over the taps, in integers, and patches times a matrix, in float64 arranged to round once
(`Scripts/golden/answers/reference.py`, which reads as the definition above; of all other operations and types
`relation.py` and `sums.py` beside it). How an engine's answer is judged by `expected` and `magnitude` is in the
[project's README](../README.md).

## Files (format version {FORMAT_VERSION})

One HDF5 file for each suite, `<suite>.h5`, readable by HDF5 1.10 and later: a table of the cases, and a group for each
with its tensors. Every byte of metadata is under HDF5's own checksums, the table under a Fletcher-32 checksum, and each
case with its tensors under a SHA-256 of its own. A tensor of 8 KiB or more is compressed, with gzip after shuffle,
where that saves a tenth. The files hold no time, no host and no library version: on one installation they are identical
byte for byte from run to run, and across versions of Python, numpy, HDF5 and zlib in everything that they hold.

Attributes of the root: `format` = "{FORMAT}", `format_version` = {FORMAT_VERSION} (int64), `suite`, `title`,
`description`, `generator`. No other object has any.

A case's id is `<suite>/<name>`, and stays. In a name, `b2-c3-f5-k3x2-s2x1` is batch 2, 3 channels, 5 filters, kernel
height 3 and width 2, stride 2 down and 1 across; `h7-w8` is the image, `d1x2` the dilation, `g3` the groups, `ow9` the
output's width, `explicit_1_0_2_3` the pads at top, bottom, left and right. What stands before says what is special, or
whose report or network it is.

`/table` says of each case what the problem is, and what for. It is a dataset of one dimension, of a compound type, with
a row for each case, in increasing byte order of the names. Its members, in this order and without gaps:

| member | type | meaning |
|---|---|---|
| `name` | text | |
| `input_shape` | int64[4] | batch, height, width, channels |
| `filter_shape` | int64[4] | kernel height, kernel width, channels / groups, filters |
| `bias_count` | int64 | the numbers in the bias that is an operand; -1 where there is none |
| `strides` | int64[2] | height, width |
| `dilations` | int64[2] | height, width; 1 is none |
| `padding` | text | `VALID`, `SAME_UPPER`, `SAME_LOWER`, `EXPLICIT` |
| `pads` | int64[4] | zeros at top, bottom, left, right; resolved, also for SAME and VALID; negative ones crop |
| `groups` | int64 | |
| `operation` | text | `input-gradient`, `filter-gradient`, `bias-gradient`; empty for `forward` (below) |
| `input_type`, `filter_type`, `output_type` | text | element types; all empty where all are float32 |
| `data` | text | the family: `integer`, `real` or `special` (below) |
| `expect` | text | `output`; `rejection` or `rejection-or-empty` where the problem is invalid (below) |
| `seed` | uint64 | what the data was drawn from (below); 0 where it was given, not drawn |
| `tags` | list of texts | for choosing cases; sorted |
| `note` | text | which fault the case catches |
| `source` | text | the publication or the report that the case comes from, where it comes from one |
| `choice`, `expected_meaning` | text | of cases with several answers (below) |
| `alternative_meaning` | list of texts | of cases with several answers (below) |
| `input_bound`, `filter_bound`, `bias_bound`, `output_operand_bound` | int64 | of digest cases (below); else 0 |
| `input_sha256`, `filter_sha256`, `bias_sha256`, `output_operand_sha256`, `output_sha256` | text | of digest cases |
| `stored`, `projection_sha256` | text | of sampled cases (below) |
| `sha256` | text | the SHA-256 of all else that is stored of the case (below) |

A text is UTF-8 of fixed length, padded with NUL, and empty where a case has none. A list of texts is one text, with a
newline between its entries, none of which is empty or holds one. A member that no case of a file has is left out.

`/offsets` says where each dataset of a case begins in the file, in bytes: a table of as many rows in the same order,
whose members (int64) are named after the datasets; -1 where a case has no such dataset, or not in one piece. Whoever
has the file in memory takes small tensors from there in a fraction of the time that it takes to open them. It is a
matter of storage, which no `sha256` covers: a tool that writes the file anew leaves it wrong, and `--check` says so.

`/cases/<name>` is a group for each case, with these datasets:

| dataset | type | shape |
|---|---|---|
| `input` | element type | batch, height, width, channels |
| `filter` | element type | kernel height, kernel width, channels / groups, filters |
| `bias` | element type | filters, or channels for `input-gradient`; only where there is one |
| `output` | element type | batch, output height, output width, filters; only where it is an operand |
| `expected` | float64 | that of the answer: of a forward convolution as `output` |
| `magnitude` | float32 | as `expected`: the sum of the products' magnitudes and abs(bias), rounded up |

Of `input`, `filter`, `bias` and `output` there are those that the operation takes (below). `magnitude` scales a
tolerance; answers in integers have none, but zero points and scales ([below](#element-types)).

All are little endian, in C order; float16 is IEEE's, bfloat16 is stored as the float32 of the same value. SAME is
TensorFlow's: along each axis

    output = ceil(input / stride)
    total  = max((output - 1) * stride + (kernel - 1) * dilation + 1 - input, 0)

zeros in all, half of them at each end; an odd one goes to the end (SAME_UPPER) or to the beginning (SAME_LOWER).

{{checksum}}
## Data

Tensors are drawn from SplitMix64 with integer arithmetic and powers of two only, so that any language derives the
same bits. Modulo 2^64,

    mix(z)         = z ^= z >> 30, z *= 0xBF58476D1CE4E5B9, z ^= z >> 27, z *= 0x94D049BB133111EB, z ^= z >> 31
    stream(s, i)   = mix(s + (i + 1) * 0x9E3779B97F4A7C15)          output i, from 0, of SplitMix64 seeded with s
    z(t, i)        = stream(stream(seed, t), i)                     element i, in C order, of tensor t

with t = 0 for the input, 1 for the filter, 2 for the bias, 9 for the output as an operand. A case's `seed` is the first
8 bytes, big endian, of the SHA-256 of its id; where the data came out degenerate, of its id with `#1` (`#2`, ...)
behind it.

- `integer`: ((z >> 40) * (2 * m + 1) >> 24) - m, whole numbers in -m ... m. With K products to an element (1 if 0),
  m = min(127, floor(sqrt(floor(2^23 / K)))) for both factors, and m * m for the bias. All sums, of any part of the
  products in any order, are then exact in float32: an engine that adds products directly has to match bit for bit. It
  has in the other types, for which m is such that sums of magnitudes are at most 2^53 in float64, 2^11 in float16 and
  2^8 in bfloat16; where the products are too many for that, some of a factor's elements are zero. int8 and uint8 have
  their whole range: (z >> 56) - 128, or z >> 56; quantized data lies whole steps from its zero points, so that no
  value comes near the middle between two answers (`Scripts/golden/drawing/operands.py`, `suites/integer_data.py`).
- `real`: ((z >> 40) - 2^23) * 2^-23, in [-1, 1): mixed signs, full mantissas. In a type with p bits,
  ((z >> 64 - p) - 2^(p-1)) * 2^-(p-1). The suite `numerics` draws otherwise
  where a case's tags say so: {{distributions}}; `Scripts/golden/drawing/distributions.py` says how, from the same
  streams and the further ones t = 3, 4, 5; `operand_distributions.py` beside it has those of the other types.

The generator refuses degenerate cases, in which a fault may not show: a constant filter, one that is symmetric under a
flip or transposition, equal filters, channels or batches, an answer that is half zeros or more, that is nothing but
the bias, and in integers one that is mostly saturated, or of a few values. A case that is allowed one of these says why
in its `note`.

## Reading a case in Python

    import h5py
    with h5py.File("Golden/grid.h5") as file:
        table = file["table"][...]    # a structured array of numpy: a row for each case, a field for each member
        chosen = table[(table["padding"] == b"SAME_UPPER") & (table["strides"] == (2, 1)).all(axis=1)]
        case = chosen[chosen["filter_shape"][:, 3] == 5][0]    # the first of those with 5 filters
        name, pads, tags = case["name"].decode(), case["pads"], case["tags"].decode().split("\\n")
        tensors = file["cases"][name]
        image, expected = tensors["input"][...], tensors["expected"][...]

What is not a forward convolution in float32 says so in members that other files lack:

    with h5py.File("Golden/bfloat16.h5") as file:
        table = file["table"][...]
        chosen = table[(table["operation"] == b"input-gradient") & (table["expect"] == b"output")]
        kind, of = chosen[0]["output_type"].decode(), file["cases"][chosen[0]["name"].decode()]
        gradient, weights, wanted = of["output"][...], of["filter"][...], of["expected"][...]
    with h5py.File("Golden/quantized.h5") as file:
        of = file["cases"][file["table"][0]["name"].decode()]
        above = of["filter"][...].astype(int) - of["filter_zero_point"][...]    # one zero point, or one to each filter
        scale = of["input_scale"][...] * of["filter_scale"][...] / of["output_scale"][...]
"""


def text() -> str:
    """Return the page; each suite's statements of coverage are proven on the way."""
    listed = [(suite, suite.checked_cases()) for suite in ALL]
    tables = (suites_text(listed), [KILLS], reach_text(listed), reports_text(listed), tags_text(listed))
    return "\n".join([format_text(), *(line for table in tables for line in table)])


def format_text() -> str:
    """Return the part that describes format and data."""
    from golden.suites.numerics import DISTRIBUTIONS

    names = ", ".join(f"`{distribution.name}`" for distribution in DISTRIBUTIONS)
    page = FORMAT_TEXT.replace("{distributions}", names).replace("{checksum}", checksum.RULE)
    format_part, reading = page.split(READING)
    return format_part + OPERATIONS_TEXT + "\n" + kinds_text() + "\n" + READING + reading


COLUMNS: dict[str, Callable[[Case], bool]] = {
    "integer": lambda case: case.data == INTEGER,
    "real": lambda case: case.data == REAL,
    "special": lambda case: case.data == SPECIAL,
    "rejected": lambda case: case.expect != OUTPUT,
    "digest": lambda case: case.is_digest,
    "sampled": lambda case: case.is_sampled,
}


def row(counts: Counter[str]) -> str:
    """Return the cells of one suite."""
    return " | ".join(str(counts[name]) for name in ("cases", *COLUMNS))


def suites_text(listed: list[tuple[Suite, list[Case]]]) -> list[str]:
    """Return the lines that list the suites, with counts and coverage."""
    lines = [
        "## Suites",
        "",
        f"| suite | cases | {' | '.join(COLUMNS)} | what it is |",
        "|---" * (len(COLUMNS) + 3) + "|",
    ]
    total: Counter[str] = Counter()
    for suite, cases in listed:
        counts = Counter(name for case in cases for name, holds in COLUMNS.items() if holds(case))
        counts["cases"] = len(cases)
        total += counts
        lines.append(f"| `{suite.name}` | {row(counts)} | {suite.title.lower()} |")
    lines += [f"| all | {row(total)} | |", ""]
    for suite, cases in listed:
        lines += [f"### `{suite.name}`: {suite.title.lower()}", "", suite.description, ""]
        lines += [f"- {sentence}" for sentence in suite.coverage(cases)] + [""]
    return lines


def tags_text(listed: list[tuple[Suite, list[Case]]]) -> list[str]:
    """Return the table of tags: how many cases of each suite have them."""
    counts = {suite.name: Counter(tag for case in cases for tag in case.all_tags) for suite, cases in listed}
    tags = sorted(set().union(*counts.values()))
    lines = ["## Tags", "", f"| tag | {' | '.join(counts)} |", "|---" * (len(counts) + 1) + "|"]
    lines += [f"| `{tag}` | {' | '.join(str(counts[name][tag] or '') for name in counts)} |" for tag in tags]
    return [*lines, ""]
