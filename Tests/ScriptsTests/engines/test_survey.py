"""Scripts/survey's own logic: what it makes of small records, written by hand."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LIB = Path(__file__).parents[3] / "Scripts" / "lib"
sys.path.insert(0, str(LIB))

import survey  # noqa: E402
from survey_records import Entry, file_name, is_kept, modules_beside, read_baseline, read_list, read_run  # noqa: E402


def result(case, status="pass", layout="NCHW/OIHW", got=None, cause=None, data="int", **fields):
    """A result line of a record; `got` are the bytes of a wrong answer."""
    line = {"type": "case", "case": case, "suite": case.partition("/")[0], "layout": layout, "status": status}
    line |= {"preferred_layout": layout == "NCHW/OIHW", "data": data}
    line |= {"problem": {"input": [1, 4, 5, 2], "filter": [1, 1, 2, 3]}} | fields
    if status in ("fail", "crash", "unsupported"):
        line["cause"] = cause or {"kind": "mismatch"}
    if got is not None:
        answer = {"type": "float32", "shape": [1], "data": base64.b64encode(got).decode()}
        line["tensors"] = {"got": answer}
    return line


def write(path, results, name="mine", version="1.0", findings=(), selection=(), interrupted=False, digests=None):
    """A record."""
    suites = [{"name": name, "digest": digest, "cases": 1} for name, digest in (digests or {}).items()]
    header = {"type": "header", "engines": [{"name": name, "version": version}], "selection": list(selection)}
    lines = [header | {"suites": suites}, *results, *findings, {"type": "footer", "interrupted": interrupted}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def run_of(tmp_path, results, label="mine", **words):
    return read_run(write(tmp_path / file_name(label), results, **words), label)


def entry(pattern, status="fail", reason="known", engine="mine", layout=None):
    return Entry(engine, pattern, layout, status, reason, "mine_baseline.txt:1")


def test_a_case_that_fails_in_one_layout_has_failed(tmp_path):
    results = [result("grid/a"), result("grid/a", "fail", layout="NHWC/HWIO"), result("grid/b")]
    assert run_of(tmp_path, results).cases["grid"] == {"fail": 1, "pass": 1}


def test_unsupported_is_not_passed(tmp_path):
    reason = {"kind": "undeclared", "lacking": "negative-pads"}
    run = run_of(tmp_path, [result("grid/a", "unsupported", cause=reason)])
    assert run.cases["grid"] == {"unsupported": 1}
    assert run.unsupported == {"not declared: negative pads": 1}
    assert "| `mine` | 1 u |" in survey.page([run], {}, [], "a processor")


@pytest.mark.parametrize("broken", ["no footer", "interrupted", "two engines"])
def test_a_record_that_is_not_whole_is_refused(tmp_path, broken):
    path = write(tmp_path / "mine.jsonl", [result("grid/a")], interrupted=broken == "interrupted")
    lines = path.read_text().splitlines(keepends=True)
    if broken == "no footer":
        path.write_text("".join(lines[:-1]))
    if broken == "two engines":
        header = json.loads(lines[0])
        header["engines"] *= 2
        path.write_text(json.dumps(header) + "\n" + "".join(lines[1:]))
    with pytest.raises(ValueError, match=r"mine\.jsonl"):
        read_run(path, "mine")


def test_failures_of_one_reason_are_one_finding_of_all_engines(tmp_path):
    mine = run_of(tmp_path, [result("grid/a", "fail", got=b"same"), result("grid/b")])
    other = run_of(tmp_path, [result("grid/a", "fail", got=b"same")], label="other", name="other")
    entries = [entry("grid/*"), entry("grid/a", engine="other")]
    [found], gone = survey.findings([mine, other], entries)
    assert (found.title, found.known, gone) == ("known", True, [])
    assert {label: found.cases(label) for label in found.failures} == {"mine": {"grid/a"}, "other": {"grid/a"}}
    assert found.identical() == [["mine", "other"]]


def test_what_may_pass_is_a_reason_and_never_gone(tmp_path):
    run = run_of(tmp_path, [result("grid/a", "fail"), result("grid/b", "crash")])
    entries = [entry("grid/*", "fail?", "by chance"), entry("grid/*", "timeout?"), entry("grid/*", "error")]
    found, gone = survey.findings([run], entries)
    assert [finding.known for finding in found] == [True, False]
    assert found[0].title == "by chance"
    assert [one.status for one in gone] == ["error"]


def test_values_are_identical_only_where_all_shared_answers_are(tmp_path):
    mine = run_of(tmp_path, [result("grid/a", "fail", got=b"same"), result("grid/b", "fail", got=b"1111")])
    results = [result("grid/a", "fail", got=b"same"), result("grid/b", "fail", got=b"2222")]
    other = run_of(tmp_path, results, label="other", name="other")
    silent = run_of(tmp_path, [result("grid/a", "fail")], label="silent", name="silent")
    entries = [entry("grid/*", engine=name) for name in ("mine", "other", "silent")]
    [found], _ = survey.findings([mine, other, silent], entries)
    assert found.identical() == []


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [
        (b"\0\0\xc0\x7f", b"\1\0\xc0\xff", True),
        (b"\0\0\x80\x7f", b"\0\0\x80\xff", False),
        (b"\0\0\xc0\x7f", b"\0\0\x80\x7f", False),
    ],
    ids=["two NaNs", "two infinities", "NaN and infinity"],
)
def test_a_nan_is_like_any_other(tmp_path, mine, other, same):
    runs = [run_of(tmp_path, [result("grid/a", "fail", got=mine)])]
    runs.append(run_of(tmp_path, [result("grid/a", "fail", got=other)], label="other"))
    [found], _ = survey.findings(runs, [entry("grid/a")])
    assert bool(found.identical()) is same


def test_a_failure_without_a_reason_is_said_to_be_one(tmp_path):
    run = run_of(tmp_path, [result("grid/a", "fail"), result("tails/b", "fail")])
    found, _ = survey.findings([run], [entry("grid/*")])
    assert [(one.title, one.known) for one in found] == [("known", True), ("mismatch in tails", False)]
    text = survey.page([run], {}, [entry("grid/*")], "a processor")
    looked, rest = text.split("## Findings")[1].split("## Not looked into yet")
    assert "`grid/a`" in looked
    assert "`tails/b`" not in looked
    assert "`tails/b`" in rest


def test_a_known_mistake_names_what_no_reason_explains(tmp_path):
    finding = {"type": "finding", "faults": [{"name": "swapped-strides"}], "cases": ["grid/a"]}
    run = run_of(tmp_path, [result("grid/a", "fail"), result("grid/b", "fail")], findings=[finding])
    assert {one.title for one in survey.findings([run], [])[0]} == {"as swapped-strides", "mismatch in grid"}
    [listed, _], _ = survey.findings([run], [entry("*", status="finding:swapped-strides")])
    assert (listed.known, listed.cases("mine")) == (True, {"grid/a"})


@pytest.mark.parametrize(
    ("line", "lists"),
    [
        (entry("grid/a"), True),
        (entry("grid/*"), True),
        (entry("grid/b"), False),
        (entry("grid/a", status="crash"), False),
        (entry("grid/a", layout="NHWC/HWIO"), False),
        (entry("grid/a", layout="NCHW/OIHW"), True),
        (entry("grid/a", engine="other"), False),
    ],
)
def test_an_entry_is_of_engine_case_status_and_layout(tmp_path, line, lists):
    run = run_of(tmp_path, [result("grid/a", "fail")])
    assert line.lists(run, run.failures[0]) is lists


def test_what_is_listed_and_fails_no_more_is_a_change_where_all_cases_ran(tmp_path):
    entries = [entry("grid/a")]
    assert survey.findings([run_of(tmp_path, [result("grid/a")])], entries)[1] == entries
    part = run_of(tmp_path, [result("grid/a")], selection=["--suite", "grid"])
    assert survey.findings([part], entries)[1] == []
    assert survey.findings([], entries)[1] == []


def test_what_comes_and_goes_is_no_change_where_it_is_gone(tmp_path):
    reason = Entry("mine", "grid/a", None, "fail", "known", "survey_reasons.txt:1")
    assert survey.findings([run_of(tmp_path, [result("grid/a")])], [reason])[1] == []
    assert survey.findings([run_of(tmp_path, [result("grid/a", "fail")])], [reason])[0][0].known


def test_choices_and_margins_stand_on_the_page(tmp_path):
    compared = {"ratio": 0.25, "rms": 1, "rms_limit": 2}
    results = [
        result("grid/a", data="real", comparison=compared),
        result("special/b", remark="subnormal-flush: subnormal numbers are kept"),
        result("special/c", remark="tie-rounding: half up in 4, half to even in 5 of 9 elements"),
        result("special/d", remark="tie-rounding: half up in 3, half to even in 6 of 9 elements"),
    ]
    text = survey.page([run_of(tmp_path, results)], {"absent": "no GPU"}, [], "a processor")
    assert "| `mine` | subnormal numbers are kept (1) | several, by element (2) |" in text
    assert "| `mine` | 0.25 / 0.5 |" in text
    assert "| `absent` |  |  | no record: no GPU |" in text


def test_a_failed_result_has_no_margin(tmp_path):
    compared = {"ratio": 7.0, "rms": 1, "rms_limit": 2}
    assert run_of(tmp_path, [result("grid/a", "fail", data="real", comparison=compared)]).margins == {}


@pytest.mark.parametrize("change", [None, "version", "options", "golden", "adapter", "no record", "cut"])
def test_a_record_is_kept_while_nothing_has_changed(tmp_path, change):
    golden, adapter = tmp_path / "Golden", tmp_path / "mine_engine.py"
    golden.mkdir()
    (golden / "grid.h5").write_bytes(b"numbers")
    adapter.write_text("")
    digests = {"grid": hashlib.sha256(b"numbers").hexdigest()}
    record = write(tmp_path / "mine.jsonl", [result("grid/a")], digests=digests)
    probe = write(tmp_path / "probe", [result("grid/a")], version="2.0" if change == "version" else "1.0")
    if change == "golden":
        (golden / "grid.h5").write_bytes(b"other numbers")
    if change == "adapter":
        os.utime(adapter, (record.stat().st_mtime + 5,) * 2)
    if change == "no record":
        record.unlink()
    if change == "cut":
        record.write_text(record.read_text().splitlines()[0])
    options = ["--shard", "1/8"] if change == "options" else []
    assert (is_kept(record, probe, [adapter], options, golden) is None) == (change is None)


def test_an_adapter_is_made_of_the_modules_beside_it():
    engines = LIB.parent / "engines"
    assert modules_beside(engines / "opencv_engine.py") == [engines / "onnx_model.py"]
    assert modules_beside(engines / "native" / "cudnn.cpp") == [engines / "native" / "cudnn_tensors.hpp"]
    assert modules_beside(engines / "scipy_engine.py") == modules_beside(engines / "native" / "onednn.cpp") == []


def test_an_adapter_names_all_modules_that_it_is_made_of():
    for adapter in (LIB.parent / "engines").glob("*_engine.py"):
        modules = modules_beside(adapter)
        assert {one for module in modules for one in modules_beside(module)} <= {*modules}, adapter.name


@pytest.mark.parametrize("options", [[], ["--shard", "1/8"]])
def test_a_suite_that_a_record_lacks_is_new_unless_the_options_leave_it_out(tmp_path, options):
    golden = tmp_path / "Golden"
    golden.mkdir()
    for name in ("grid", "tails"):
        (golden / f"{name}.h5").write_bytes(b"numbers")
    digests = {"grid": hashlib.sha256(b"numbers").hexdigest()}
    record = write(tmp_path / "mine.jsonl", [result("grid/a")], digests=digests, selection=options)
    reason = is_kept(record, record, [], options, golden)
    assert reason is None if options else "tails.h5" in reason


def test_the_lists_in_the_project_are_read():
    engines = LIB.parent / "engines"
    listed = read_list(engines / "survey.txt")
    for name in (engine.split()[0].partition("#")[0] for engine, _ in listed):
        assert (engines / f"{name}_engine.py").exists() or (engines / "native" / f"{name}.cpp").exists()
    assert len({file_name(name) for name, _ in listed}) == len(listed)
    for path in (*engines.glob("*_baseline.txt"), engines / "survey_reasons.txt"):
        assert all(
            entry.reason and entry.status.removesuffix("?") in ("fail", "error", "crash", "timeout")
            for entry in read_baseline(path)
        )


def test_a_baseline_line_may_have_quotes_and_a_layout(tmp_path):
    path = tmp_path / "x_baseline.txt"
    path.write_text('# words\n\n"my engine"  grid/b2-*@NCHW/OIHW  crash  only in these layouts\n')
    assert read_baseline(path) == [
        Entry("my engine", "grid/b2-*", "NCHW/OIHW", "crash", "only in these layouts", "x_baseline.txt:3")
    ]
    path.write_text("mine grid/a\n")
    with pytest.raises(ValueError, match=r"x_baseline\.txt:1"):
        read_baseline(path)


def test_the_command_writes_the_page_of_what_is_there(tmp_path):
    engines = tmp_path / "engines"
    engines.mkdir()
    (engines / "survey.txt").write_text("# engines\nmine#fast | --shard 1/8\nother\ncut\nelsewhere\n")
    (engines / "survey_reasons.txt").write_text("")
    (engines / "mine_baseline.txt").write_text("mine grid/a fail it is wrong\n")
    write(tmp_path / file_name("mine#fast"), [result("grid/a", "fail")])
    command = [sys.executable, LIB / "survey.py"]
    listed = subprocess.run([*command, "engines", engines / "survey.txt"], capture_output=True, text=True, check=True)
    assert listed.stdout == "mine#fast\t--shard 1/8\nother\t\ncut\t\nelsewhere\t\n"
    (tmp_path / f"{file_name('elsewhere')}.absent").write_text("no GPU\n")
    write(tmp_path / file_name("cut"), [result("grid/b", "fail")], interrupted=True)
    paging = [*command, "page", tmp_path, engines, tmp_path / "SURVEY.md"]
    assert "cut.jsonl" in subprocess.run(paging, capture_output=True, text=True, check=True).stderr
    text = (tmp_path / "SURVEY.md").read_text()
    assert "it is wrong" in text.split("## Findings")[1].split("##")[0]
    assert "`other`" in text
    assert "`cut` |  |  | no record: not run to its end |" in text
    assert "`elsewhere` |  |  | no record: no GPU |" in text
    assert "grid/b" not in text
