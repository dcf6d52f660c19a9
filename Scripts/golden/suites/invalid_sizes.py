"""Sizes that do not fit each other or do not fit 64 bits, for the suite `invalid`."""

from dataclasses import replace

from golden.problem.geometry import EXPLICIT, SAME_LOWER, SAME_UPPER, VALID, Geometry, Pads
from golden.suites.invalid_problem import GROUPED, PLAIN, Invalid

NEARLY_2_63 = 2**62
BEYOND_32_BITS = 2**32  # 0 to who keeps the lower 32 bits


def explicit(geometry: Geometry, pads: Pads, **changes: object) -> Geometry:
    """Return a geometry with explicit pads."""
    return replace(geometry, padding=EXPLICIT, explicit_pads=pads, **changes)


def kernels() -> list[Invalid]:
    """List kernels that are empty or larger than the padded input."""
    tall, wide = replace(PLAIN, filter=(7, 2, 4, 6)), replace(PLAIN, filter=(2, 8, 4, 6))
    too_large = "kernel-too-large"
    return [
        Invalid("kernel-taller-than-input", tall, "a kernel of 7 rows on 6", too_large, source="XNNPACK#10453"),
        Invalid("kernel-wider-than-input", wide, "a kernel of 8 columns on 7", too_large, source="XNNPACK#10453"),
        Invalid(
            "kernel-larger-with-stride",
            replace(tall, strides=(3, 2)),
            "a kernel of 7 rows on 6; a division that rounds to zero makes one row of it",
            too_large,
            source="XNNPACK#10453",
        ),
        Invalid(
            "kernel-larger-than-padded-input",
            explicit(PLAIN, (1, 2, 0, 1), filter=(2, 9, 4, 6)),
            "a kernel of 9 columns on 7 with a pad of 1",
            too_large,
            source="XNNPACK#10453",
        ),
        Invalid(
            "kernel-larger-than-all-pads",
            explicit(PLAIN, (1, 2, 3, 4), filter=(10, 1, 4, 6)),
            "a kernel of 10 rows on 6 with pads of 1 and 2",
            too_large,
        ),
        Invalid(
            "kernel-on-no-rows",
            Geometry((1, 0, 5, 2), (2, 3, 2, 4)),
            "a kernel of 2 rows on none, without a pad",
            too_large,
        ),
        Invalid(
            "kernel-1x1-on-no-columns",
            Geometry((1, 5, 0, 2), (1, 1, 2, 4)),
            "a kernel of 1 column on none",
            too_large,
        ),
        Invalid(
            "dilated-kernel-taller-than-input",
            replace(PLAIN, dilations=(3, 1)),
            "a kernel of 3 rows, dilated to 7, on 6",
            too_large,
            source="Paddle#76955",
        ),
        Invalid(
            "dilated-kernel-wider-than-padded-input",
            explicit(PLAIN, (0, 0, 1, 0), filter=(1, 3, 4, 6), dilations=(1, 4)),
            "a kernel of 3 columns, dilated to 9, on 7 with a pad of 1",
            too_large,
            source="Paddle#76955",
        ),
        Invalid(
            "dilated-kernel-larger-grouped",
            replace(GROUPED, dilations=(5, 2)),
            "a kernel of 2 rows, dilated to 6, on 5",
            too_large,
            source="Paddle#76955",
        ),
        Invalid(
            "cropped-below-the-kernel",
            explicit(PLAIN, (-2, -2, 0, 1)),
            "a kernel of 3 rows on 6 that are cropped to 2",
            too_large,
        ),
        Invalid(
            "cropped-to-less-than-nothing",
            explicit(PLAIN, (1, 2, -4, -5), filter=(1, 1, 4, 6)),
            "7 columns of which 9 are to be cropped",
            too_large,
        ),
        *(
            Invalid(
                f"kernel-of-no-{name}",
                replace(PLAIN, filter=kernel, padding=padding),
                f"a kernel without {name}",
                "kernel-empty",
                source="tensorflow#42208",
            )
            for name, kernel, padding in (
                ("rows", (0, 2, 4, 6), VALID),
                ("columns", (3, 0, 4, 6), SAME_UPPER),
                ("taps", (0, 0, 4, 6), SAME_LOWER),
            )
        ),
    ]


def overflows() -> list[Invalid]:
    """List sizes that do not fit 64 bits, and sizes of which 32 bits would keep something harmless."""
    overflow = "overflow"
    small = Geometry((1, 3, 4, 1), (2, 2, 1, 2))
    return [
        Invalid(
            "pads-beyond-64-bits",
            explicit(small, (NEARLY_2_63, NEARLY_2_63, 0, 0)),
            "pads of 2^62 at top and bottom, whose sum does not fit 64 bits",
            overflow,
        ),
        Invalid(
            "pads-beyond-64-bits-width",
            explicit(small, (1, 0, 2**63 - 1, 2)),
            "a pad of 2^63 - 1, to which the width is still to be added",
            overflow,
        ),
        Invalid(
            "output-beyond-64-bits",
            explicit(small, (2**40, 0, 2**39, 2**39)),
            "an output of 2^40 rows and columns, more elements than 64 bits count",
            overflow,
        ),
        Invalid(
            "output-wraps-to-few",
            explicit(small, (2**31, 2**31 - 2, 2**31 - 3, 2**31), filter=(2, 2, 1, 4)),
            "an output of 2^32 rows and columns of 4 filters: 2^66 elements, which wrap to none in 64 bits",
            overflow,
        ),
        Invalid(
            "dilation-beyond-64-bits",
            replace(small, filter=(5, 2, 1, 2), dilations=(NEARLY_2_63, 1)),
            "5 taps 2^62 apart, which wrap to a kernel of one row in 64 bits",
            overflow,
        ),
        Invalid(
            "dilation-beyond-64-bits-width",
            replace(small, filter=(2, 3, 1, 2), dilations=(1, 2**63 - 1)),
            "3 taps 2^63 - 1 apart",
            overflow,
        ),
        Invalid(
            "dilation-beyond-32-bits",
            replace(small, dilations=(BEYOND_32_BITS + 1, 1)),
            "2 taps 2^32 + 1 apart on 3 rows; 32 bits make a dilation of 1 of it, and an answer",
            overflow,
        ),
        Invalid(
            "dilation-beyond-32-bits-on-both",
            replace(small, dilations=(BEYOND_32_BITS + 1, BEYOND_32_BITS + 2)),
            "2 taps more than 2^32 apart on either axis; 32 bits make dilations of 1 and 2 of them, and an answer",
            overflow,
        ),
        Invalid(
            "dilation-beyond-32-bits-width",
            replace(small, dilations=(1, BEYOND_32_BITS)),
            "2 taps 2^32 apart on 4 columns; 32 bits make a kernel of one column of it, and an answer",
            overflow,
        ),
    ]
