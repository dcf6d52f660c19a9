"""Scripts/sweep: parts that add up to one run, on workers that may be lost."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
CONVCHECK = PROJECT / ".build" / "debug" / "convcheck"

# A convcheck that passes every problem; at the problems from 300 on it ends the worker that called it, the first time.
DEADLY = """#!/usr/bin/python3 -IS
import json, os, signal, sys, time
folder = {folder!r}
first, count = (int(sys.argv[sys.argv.index(word) + 1]) for word in ("--first", "--count"))
with open(folder + "/log", "a") as log:
    log.write(f"{{first}}\\n")
if first == 300 and not os.path.exists(folder + "/killed"):
    with open(folder + "/killed", "w") as file:
        file.write(str(os.getpid()))
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(100)
time.sleep(0.05)
counts = {{"pass": count}}
engine = {{"name": "a", "version": "", "counts": counts, "pairs": [first], "all_pairs": 1000, "failing": []}}
whole = {{"format": "convcheck-fuzz", "version": 1, "seed": 5, "first": first, "options": [], "engines": [engine]}}
with open(sys.argv[sys.argv.index("--counts") + 1], "w") as file:
    json.dump(whole, file)
"""


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_task_of_a_lost_worker_is_repeated_and_counted_once(sweep, tmp_path):
    deadly = tmp_path / "deadly"
    deadly.write_text(DEADLY.format(folder=str(tmp_path)))
    deadly.chmod(0o755)
    arguments = ["fuzz", "--engine", "a", "--seed", 5, "--count", 1000, "--part", 50, "--workers", 2]
    done = sweep(*arguments, "--counts", "whole.json", status=0, convcheck=deadly)
    assert "a, seed 5: 1,000 problems: 1,000 pass; 2.0 % of all pairs of features met" in done.stdout
    [engine] = json.loads((tmp_path / "whole.json").read_text())["engines"]
    assert engine["pairs"] == list(range(0, 1000, 50))
    asked = (tmp_path / "log").read_text().split()
    assert asked.count("300") == 2
    assert set(asked) == {str(first) for first in range(0, 1000, 50)}
    # What the lost worker had begun ended with it.
    orphan, end = int((tmp_path / "killed").read_text()), time.monotonic() + 20
    while is_running(orphan) and time.monotonic() < end:
        time.sleep(0.1)
    assert not is_running(orphan)


def test_parts_of_a_seed_are_one_run(sweep, tmp_path):
    fault = "fault:depthwise-dilation-ignored"
    arguments = ["--engine", "direct", "--engine", fault, "--seed", "7", "--count", "400"]
    done = sweep("fuzz", *arguments, "--part", 90, "--workers", 2, "--counts", "a.json", "--save", "found", status=1)
    command = [CONVCHECK, "fuzz", *arguments, "--counts", "b.json"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
    sums = [json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json")]
    assert sums[0] == sums[1]
    assert sums[0]["engines"][1]["failing"]
    assert f"fail {fault} found-" in done.stdout
    found = ["run", "--golden", "found", "--engine", "direct"]
    assert subprocess.run([CONVCHECK, *found], cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_shards_are_merged_and_reported(sweep, tmp_path, python):
    fault = ["--engine", "fault:swapped-pad-ends", "--suite", "interactions"]
    cluster = subprocess.Popen(
        [python, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    with cluster:
        address = cluster.stdout.readline().strip()
        arguments = ["run", *fault, "--shards", 3, "--address", address]
        done = sweep(*arguments, "--jsonl", "a.jsonl", "--junit", "a.xml", status=1)
        cluster.stdin.close()
    assert "swapped-pad-ends: exactly what all" in done.stdout
    assert "swapped-pad-ends: exactly what all" in (tmp_path / "a.xml").read_text()
    environment = {**os.environ, "CONVCHECK_GOLDEN": str(PROJECT / "Golden")}
    whole = [CONVCHECK, "run", *fault, "--jsonl", "b.jsonl"]
    assert subprocess.run(whole, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode == 1
    statuses = [
        [(line["case"], line["layout"], line["status"]) for line in lines(tmp_path / name) if line["type"] == "case"]
        for name in ("a.jsonl", "b.jsonl")
    ]
    assert statuses[0] == statuses[1]
    assert len(statuses[0]) > 200


# Workers at an address, until its standard input ends.
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["fuzz", "--engine", "direct", "--count", 5, "--first", 3], 2, "--first is not for a sweep"),
        (["run", "--engine", "direct", "--shards", 2, "--shard=1/2"], 2, "--shard is not for a sweep"),
        (["fuzz", "--engine", "direct"], 2, "the following arguments are required: --count"),
        (["fuzz", "--engine", "direct", "--count", 0], 2, "0 is below 1"),
        (["run", "--engine", "direct", "--shards", 2, "--address", "nowhere:x"], 2, "no scheduler at nowhere:x"),
        (["fuzz", "--engine", "nobody", "--count", 5, "--workers", 1], 2, "there is no engine 'nobody'"),
    ],
)
def test_wrong_usage(sweep, arguments, status, words):
    assert words in sweep(*arguments, status=status).stderr
