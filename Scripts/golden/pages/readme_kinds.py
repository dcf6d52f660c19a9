"""The part of `README.md` about cases that are not simply a problem with one stored answer."""

from golden.answers.alternatives import CHOICES

KINDS_TEXT = """\
## Cases with several answers

Where IEEE 754, or the rounding of halves, leaves a result to the algorithm, a case stores further answers, as right as
the first: the dataset `alternative` (float64: answers, and then the shape of one), and in the table
`choice`, `expected_meaning` and `alternative_meaning` (a list with a text for each answer). Each element may be as
`expected` or as in one of the answers; a report has to say which it was. They differ only where there is a choice:

{choices}

Of subnormal numbers, each tensor may be flushed to zero or kept, and so may products, the sums on the way and the
output: all combinations were computed, and the distinct ones are stored. The generator refuses data on which an order
of summation, with every sum on the way flushed, would give anything else.

All else is fixed, in all suites: NaN has to be where `expected` has NaN, and nowhere else, infinities likewise with
their sign; an infinity times a zero inside the image is NaN; padding contributes nothing. NaN is one, whatever its
bits; 0 and -0 are equal. An `expected` that rounds beyond the largest number of the answer's type is an infinity there.
`magnitude` is infinite where `expected` is not finite, and where it is beyond float32.

Special data is `integer` data with 1 for 0, scaled by powers of two, into which a few special values are put; the
stored tensors, not the seed, say where.

## Cases that must be refused

In the suite `invalid`, and in some cases of others, the member `expect` is `rejection`: the problem has no output, or,
of a gradient, an operand does not fit it. There are the operands, whose shapes may not fit each other, and nothing
else; an `output` where there can be none has one row and one column. `pads` are 0 where SAME has no meaning.

Where a kernel larger than the padded input is all that is wrong, `expect` is `rejection-or-empty`: TensorFlow and JAX
answer a tensor without elements there, which is right too: batch, rows, columns, filters, with

    output = max(0, floor((padded - extent) / stride) + 1)

rows or columns, where the extent is that of the dilated kernel. A tensor with elements, or of another shape, is wrong.

What reaches 2^31 among sizes, strides, dilations and pads gives a case the tag `extreme`.

## Digest cases

A case too large to store has an `output_sha256` and none of the datasets above. Its tensors follow from the seed, the
shapes and the bounds as described under Data, its output from an exact convolution; digests prove both.

| member | meaning |
|---|---|
| `input_bound`, `filter_bound`, `bias_bound` | integer data only: the largest magnitude m that was drawn |
| `output_operand_bound` | the same of the operand `output`, where that is one |
| `input_sha256`, `filter_sha256`, `bias_sha256` | of the tensor's bytes as they would be stored, in C order |
| `output_operand_sha256` | the same of the operand `output` |
| `output_sha256` | of the exact answer, rounded once to float32; in another type, of what `expected` would hold |

| dataset | type | shape |
|---|---|---|
| `sample_index` | int64 | samples: places in the C order of the answer, corners and borders among them |
| `sample_expected` | float64 | samples: as `expected`, of these elements |
| `sample_magnitude` | float32 | samples: as `magnitude` |

Digests are SHA-256 in lower-case hexadecimal. A case has those of its operands. An answer of 0 is +0. The answer was
computed with matrix products arranged to be exact, the sample by looking up the factors of each element, in integers,
and the two had to agree.

## Sampled cases

Of a case whose `stored` is `samples` the answer is larger still, and is nowhere as a whole. It has no `output_sha256`;
bounds, samples and the operands' digests are as in a digest case, but no digest of an operand of more than 2^24
elements. Its samples were computed as there, from the numbers that they look at alone. Of integer data there are also

| | type | meaning |
|---|---|---|
| dataset `projection_rows` | int64 | rows: places in the C order of the first two axes of the answer |
| member `projection_sha256` | text | of the sums of these rows, below: int64, rows, third axis, groups |

A sum is over the elements that lie side by side in a group (filters, or channels of an `input-gradient`), each times a
number v of its own, (z >> 56) - 128 with t = 13 for the last axis. The operand that has this axis, added up in the same
way, gives these sums without the answer, at the price of one filter: `Scripts/golden/answers/projection.py`. What has
many products (the tag `slow`) is run only where it is asked for.
"""


def kinds_text() -> str:
    """Return the part about special data, rejections, digest cases and sampled cases."""
    choices = "\n".join(
        f"- `{choice.choice}`: {choice.expected_meaning} (`expected`), or {choice.meaning} (`alternative`)."
        for choice in CHOICES
    )
    return KINDS_TEXT.replace("{choices}", choices)
