"""Times how long convcheck and benchdnn take to judge oneDNN, on lists of problems that benchdnn publishes."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measured_run import ROOT, Run, run


@dataclass(frozen=True)
class List:
    """One of benchdnn's lists: its file, and the batch size for both."""

    title: str
    file: str
    batch: int

    def options(self, folder: Path) -> str:
        """Return a batch file of the list's problems without those of three dimensions, which are not convcheck's."""
        lines = (folder / self.file).read_text().splitlines()
        flat = [line for line in lines if not re.search("[io]d[0-9]", line)]
        return "\n".join([f"--mb={self.batch}", *flat]) + "\n"


# The batches are such that benchdnn takes a few minutes for all together.
LISTS = (
    List("VGG-19", "shapes_vgg_19", 2),
    List("ResNet-50", "shapes_resnet_50", 8),
    List("1x1", "shapes_1x1", 2),
    List("small: basic", "shapes_basic", 2),
    List("small: tails", "shapes_tails", 2),
    List("small: few pixels", "shapes_regression_small_spatial", 2),
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure_benchdnn(convcheck: Path, rounds: int) -> None:
    """Judge the same engine by both, in turn, on each list, and print the times and their ratios, medians.

    The time is that of the whole process, with its start and with the engine, which is the same to both: on one thread,
    in float32, the convolution with a bias. benchdnn judges each problem with one set of data, convcheck with two, of
    whole numbers and of reals: once as it does by default, with answers of up to 4e9 products computed whole, and once
    with those from 1e7 on judged by projections. Says why where there is no benchdnn to be had.
    """
    built = subprocess.run([ROOT / "Scripts/lib/build_benchdnn"], capture_output=True, text=True)
    if built.returncode == 3:
        print(f"no comparison with benchdnn: {built.stderr.strip()}")
        return
    built.check_returncode()
    folder = Path(built.stdout.strip())
    engine = subprocess.run(
        [ROOT / "Scripts/engines/native/build", "onednn"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    for problems in LISTS:
        theirs, mine, projected = [], [], []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as scratch:
                batch = Path(scratch) / "problems"
                batch.write_text(problems.options(folder / "inputs/conv"))
                theirs.append(judged_by_benchdnn(folder, batch))
                mine.append(judged_by_convcheck(convcheck, engine, batch))
                projected.append(judged_by_convcheck(convcheck, engine, batch, "--projected"))
        report(problems, "complete", theirs, mine)
        report(problems, "projected", theirs, projected)


@dataclass(frozen=True)
class Judgement:
    """How many problems were judged, and what that took."""

    problems: int
    used: Run


def judged_by_benchdnn(folder: Path, batch: Path) -> Judgement:
    """Let benchdnn judge: correctness alone, on the processor."""
    used = run([str(folder / "benchdnn"), "--mode=C", "--engine=cpu", "--conv", f"--batch={batch}"], ONE_THREAD)
    counts = dict(re.findall(r"(\w+):(\d+)", used.output[used.output.rindex("tests:") :]))
    if counts["tests"] != counts["passed"]:
        raise SystemExit(f"benchmark: benchdnn did not judge all problems of {batch}: {counts}")
    return Judgement(int(counts["tests"]), used)


def judged_by_convcheck(convcheck: Path, engine: str, batch: Path, *more: str) -> Judgement:
    """Let convcheck judge the same, in a worker, as it always does."""
    record = batch.with_suffix(".jsonl")
    options = ["--jobs", "1", "--layouts", "preferred", "--quiet", "--memory-limit", "8192", "--jsonl", str(record)]
    used = run(
        [str(convcheck), "run", "--engine", f"lib:{engine}", "--problems", str(batch), *options, *more], ONE_THREAD
    )
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    cases = [line for line in lines if line["type"] == "case"]
    if not all(case["status"] == "pass" for case in cases):
        raise SystemExit(f"benchmark: convcheck did not judge all problems of {batch}")
    return Judgement(len(cases) // 2, used)


def report(problems: List, judge: str, theirs: list[Judgement], mine: list[Judgement]) -> None:
    """Print a line for a list."""
    counts = {judgement.problems for judgement in (*theirs, *mine)}
    if len(counts) > 1:
        raise SystemExit(f"benchmark: of {problems.file} one judged {min(counts)} problems, the other {max(counts)}")

    def ratio(seconds: str) -> float:
        return median(getattr(a.used, seconds) / getattr(b.used, seconds) for a, b in zip(theirs, mine, strict=True))

    def words(judgements: list[Judgement]) -> str:
        whole = median(judgement.used.seconds for judgement in judgements)
        return f"{whole:7.2f} s ({median(judgement.used.processor_seconds for judgement in judgements):7.2f})"

    print(
        f"{problems.title:18} batch {problems.batch}, {counts.pop():3} problems, {judge:9}  convcheck {words(mine)}  "
        f"benchdnn {words(theirs)}  {ratio('seconds'):6.1f} times ({ratio('processor_seconds'):6.1f})",
        flush=True,
    )
