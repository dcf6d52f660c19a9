"""The page beside the golden files: its example runs, its tables are whole, and it says what the code does."""

import re
from pathlib import Path

import numpy as np
import pytest
from golden import FORMAT_VERSION
from golden.files import table
from golden.files.table import MEMBERS
from golden.suites import ALL
from golden.vectors import checksum
from golden.vectors.case import OUTPUT, REJECTION, REJECTION_OR_EMPTY


def test_the_example_in_the_readme_runs(
    generated: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snippet = page.split("## Reading a case in Python")[1].split("##")[0]
    code = "\n".join(line[4:] for line in snippet.splitlines() if line.startswith("    "))
    (tmp_path / "Golden").symlink_to(generated)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(code, names)
    assert names["case"]["padding"] == b"SAME_UPPER"
    assert names["name"] == "b1-c1-f5-k2x1-s2x1-same_upper-int"
    assert names["tags"] == sorted(names["tags"])
    assert names["pads"].shape == (4,)
    assert names["image"].shape == tuple(names["case"]["input_shape"])
    assert names["expected"].dtype == np.float64
    assert names["expected"].shape[3] == 5


def test_the_readme_lists_the_members_of_the_table_in_their_order(page: str) -> None:
    lines = page.split("| member | type | meaning |")[1].split("\n\n")[0].splitlines()[2:]
    described = [line.split(" | ")[:2] for line in lines]
    assert [name for names, _ in described for name in re.findall("`(.*?)`", names)] == list(MEMBERS)
    for names, kind in described:
        for name in re.findall("`(.*?)`", names):
            numbers = MEMBERS[name]
            assert kind == (numbers if isinstance(numbers, str) else table.described(numbers)), name


def test_the_readme_counts_the_cases_and_has_whole_tables(page: str) -> None:
    for suite in ALL:
        assert f"| `{suite.name}` | {len(suite.cases())} |" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    blocks = page.split("\n\n")
    for block in blocks:
        columns = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(columns) <= 1, block
    assert len(rows) > 50


def test_the_page_has_the_format_the_rule_of_checksums_and_every_expectation(page: str) -> None:
    assert f"## Files (format version {FORMAT_VERSION})" in page
    assert checksum.RULE in page
    for expectation in (OUTPUT, REJECTION, REJECTION_OR_EMPTY):
        assert f"`{expectation}`" in page
    assert "{" not in page
