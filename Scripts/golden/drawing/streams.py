"""SplitMix64 (Steele, Lea, Flood, 2014), counted from a seed: the only source of randomness.

Output i of a stream is a function of the seed and i alone, so that any language derives the same bits, in any order.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

GOLDEN_GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def splitmix64(seed: int, count: int, first: int = 0) -> NDArray[np.uint64]:
    """Return `count` outputs of SplitMix64 seeded with `seed`, from output `first` on."""
    return splitmix64_at(seed, np.arange(first, first + count, dtype=np.uint64))


def splitmix64_at(seed: int, places: NDArray) -> NDArray[np.uint64]:
    """Return some outputs of SplitMix64 seeded with `seed`, counted from 0."""
    counter = places.astype(np.uint64) + np.uint64(1)
    z = np.uint64(seed) + counter * np.uint64(GOLDEN_GAMMA)  # uint64 wraps, as the definition wants
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def stream_seed(seed: int, stream: int) -> int:
    """Return the seed of one stream of a case: output `stream` (counted from 0) of SplitMix64 seeded with `seed`."""
    return int(splitmix64(seed, stream + 1)[stream])


def case_seed(identifier: str, attempt: int = 0) -> int:
    """Return a case's seed: the first 8 bytes (big endian) of the SHA-256 of its id, `<suite>/<name>`.

    An attempt after the first, made where the data came out degenerate, appends `#<attempt>` to the id.
    """
    text = identifier if attempt == 0 else f"{identifier}#{attempt}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
