"""What parts add up to, and what is no part."""

import json

import pytest
from sweeping.counts import Counts, RefusalError


def part(start, failed=(), **changes):
    one = {
        "name": "mine",
        "version": "1",
        "counts": {"pass": 10 - len(failed), "fail": len(failed)},
        "pairs": [start % 3, 7],
        "all_pairs": 20,
        "failing": list(failed),
    }
    whole = {"format": "convcheck-fuzz", "version": 1, "seed": 5, "first": start, "options": [], "engines": [one]}
    one.update({key: value for key, value in changes.items() if key in one})
    whole.update({key: value for key, value in changes.items() if key in whole and key not in one})
    return json.dumps(whole).encode()


def test_parts_add_up_in_any_order():
    sums = []
    for order in ([0, 10, 20], [20, 0, 10]):
        counts = Counts(5)
        for first in order:
            counts.add(part(first, [first + 3]), first, 10)
        sums.append(counts.as_json())
    assert sums[0] == sums[1]
    [engine] = json.loads(sums[0])["engines"]
    assert engine["counts"] == {"pass": 27, "fail": 3}
    assert engine["pairs"] == [0, 1, 2, 7]
    assert engine["failing"] == [3, 13, 23]
    assert counts.sentences() == ["mine, seed 5: 30 problems: 3 fail, 27 pass; 20.0 % of all pairs of features met"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": 0}, "counts of seed 5 from 0 on, expected 5 and 10"),
        ({"seed": 6}, "counts of seed 6"),
        ({"options": ["--type", "int8"]}, "the options differ"),
        ({"name": "other"}, "the engines differ"),
        ({"all_pairs": 21}, "the engines differ"),
        ({"counts": {"pass": 9}}, "9 problems from 10 on, expected 10"),
        ({"failing": [9]}, "a failing problem is none of 10 to 19"),
        ({"version": "2"}, "the engines differ"),
        ({"format": "convcheck-bench"}, "expected convcheck-fuzz 1"),
    ],
)
def test_what_is_no_part_is_refused(changes, words):
    counts = Counts(5)
    counts.add(part(0), 0, 10)
    before = counts.as_json()
    with pytest.raises(RefusalError, match=words):
        counts.add(part(10, **changes), 10, 10)
    assert counts.as_json() == before


def test_nothing_is_counted_twice():
    counts = Counts(5)
    counts.add(part(10), 10, 10)
    with pytest.raises(RefusalError, match="the problems 10 to 19 overlap those from 10 on"):
        counts.add(part(10), 10, 10)
    assert counts.problems == 10
