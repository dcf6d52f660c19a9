"""Streams and the data drawn from them, against plain Python integers."""

import hashlib
import json
from math import prod, sqrt

import numpy as np
from golden.drawing import families
from golden.drawing.streams import case_seed, splitmix64, stream_seed
from golden.problem.geometry import Geometry

MASK = 2**64 - 1


def sequential(seed: int, count: int) -> list[int]:
    """SplitMix64 as it was published: a state that advances."""
    outputs, state = [], seed
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        outputs.append(z ^ (z >> 31))
    return outputs


def test_splitmix64_gives_the_published_outputs() -> None:
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert splitmix64(1234567, 4).tolist() == published


def test_counting_equals_advancing_the_state() -> None:
    for seed in (0, 1, 0xDEADBEEF, MASK):
        assert splitmix64(seed, 50).tolist() == sequential(seed, 50)


def test_a_stream_is_seeded_by_an_output() -> None:
    assert [stream_seed(99, t) for t in range(3)] == sequential(99, 3)


def test_a_seed_is_the_digest_of_the_id() -> None:
    assert case_seed("grid/a").to_bytes(8, "big") == hashlib.sha256(b"grid/a").digest()[:8]
    assert case_seed("grid/a", 2).to_bytes(8, "big") == hashlib.sha256(b"grid/a#2").digest()[:8]


def test_integers_follow_the_documented_formula() -> None:
    geometry = Geometry((2, 3, 4, 5), (3, 2, 5, 7), bias=True)
    bounds = families.integer_bounds(geometry.products)
    for tensor, shape, bound, t in zip(
        families.draw_integers(geometry, 77), ((2, 3, 4, 5), (3, 2, 5, 7), (7,)), bounds, range(3), strict=True
    ):
        z = sequential(sequential(77, t + 1)[t], prod(shape))
        assert tensor.dtype == np.float32
        assert tensor.shape == shape
        assert tensor.reshape(-1).tolist() == [((v >> 40) * (2 * bound + 1) >> 24) - bound for v in z]


def test_reals_follow_the_documented_formula() -> None:
    z = sequential(sequential(5, 1)[0], 24)
    assert families.reals(5, 0, (2, 3, 4)).reshape(-1).tolist() == [((v >> 40) - 2**23) / 2**23 for v in z]


def test_integer_sums_stay_below_2_to_the_24() -> None:
    for products in [*range(1, 3000), 4608, 10**5, 10**6, 2**23]:
        of_input, of_filter, of_bias = families.integer_bounds(products)
        assert of_input == of_filter == min(127, int(sqrt(2**23 // products)))
        assert of_bias == of_input**2
        assert products * of_input * of_filter + of_bias <= 2**24


def test_integers_reach_both_bounds_and_no_further() -> None:
    drawn = families.integers(3, 0, (100_000,), 127)
    assert (drawn.min(), drawn.max()) == (-127, 127)


def test_the_data_path_is_pinned() -> None:
    """Digests taken when the format was fixed: files in the world depend on them."""
    geometry = Geometry((2, 3, 4, 5), (3, 2, 5, 7), bias=True)
    digests = {
        family: [hashlib.sha256(tensor.tobytes()).hexdigest()[:16] for tensor in of_family(geometry, 2026)]
        for family, of_family in families.DRAWS.items()
    }
    assert digests == json.loads(PINNED)


PINNED = """
{
    "integer": [
        "498a8fc66f39af8f",
        "31fe27f0ca241923",
        "c21e980f75baeb33"
    ],
    "real": [
        "00addb75a1f4b0ad",
        "ecd23d2ee2fe3d11",
        "f7043173638e52c8"
    ]
}
"""
