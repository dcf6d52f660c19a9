"""The page of --html in a browser: what is there, what it shows of failing cases, and that text stays text."""

import json
import sys
from pathlib import Path

import pytest
from conftest import changed, convcheck

WRONG = f"cmd:{sys.executable} {Path(__file__).parent / 'wrong_engine.py'}"
HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\"><!-- &lt;b>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run wrong engines once, and keep page and record."""
    folder = tmp_path_factory.mktemp("page")
    convcheck(
        *("run", "--engine", "fault:grouped-unequal-pads", "--engine", "direct", "--engine", "winograd-4x4-3x3"),
        *("--suite", "interactions", "--suite", "special", "--case", "interactions/*", "--case", "special/subnormal*"),
        *("--case", "special/inf-next-to-pad*", "--html", folder / "forward.html", "--jsonl", folder / "forward.jsonl"),
        status=1,
    )
    convcheck(
        *("run", "--engine", WRONG, "--no-diagnosis", "--suite", "gradients", "--suite", "transposed"),
        *("--suite", "float16", "--suite", "bfloat16", "--suite", "int8", "--suite", "quantized", "--shard", "1/9"),
        *("--html", folder / "operations.html", "--jsonl", folder / "operations.jsonl"),
        status=1,
    )
    return folder


def opened(browser, place):
    """Open a failing case of the page, and wait for its pictures."""
    browser.value(f"openCase({place})")
    browser.settle()
    return f"document.getElementById('case-{place}')"


def test_every_section_is_there(browser, folder):
    browser.open(folder / "forward.html")
    heads = browser.value("[...document.querySelectorAll('section:not([hidden]) h2')].map((head) => head.textContent)")
    assert heads == [
        "Findings",
        "Engines by suites",
        "Failures",
        "Margins",
        "What engines could not do",
        "Choices",
    ]
    assert browser.value("document.querySelector('h1').textContent").startswith("FAILED: 32 of ")
    # A choice among one is none.
    assert browser.value("byId('by-suite').offsetParent === null && byId('by-status').offsetParent === null")
    assert browser.value("byId('search').offsetParent !== null && byId('by-finding').offsetParent !== null")
    assert browser.value("byId('about').textContent") == "fault:grouped-unequal-pads, direct, winograd-4x4-3x3"
    card = browser.value("document.querySelector('#findings article').textContent")
    assert "grouped-unequal-pads: exactly what all" in card
    assert "the left pad is used above as well" in card
    assert browser.value("document.querySelectorAll('#list > details').length") > 30
    assert "subnormal-flush" in browser.value("document.querySelector('#choices table').textContent")
    assert "takes no dilations" in browser.value("document.querySelector('#unsupported table').textContent")
    assert browser.value("document.querySelectorAll('#margins .bars').length") >= 1


def test_failures_are_searched_and_filtered(browser, folder):
    browser.open(folder / "operations.html")
    everything = browser.value("found.length")
    assert everything == browser.value("run.failures") > 20

    def shown(change):
        browser.value(change + "; 1")
        return browser.value("[...document.querySelectorAll('#list summary')].map((row) => row.textContent)")

    def select(name, value):
        return f"byId('{name}').value = '{value}'; byId('{name}').dispatchEvent(new Event('change'))"

    quantized = shown(select("by-suite", "quantized"))
    assert quantized and all(" quantized/" in row for row in quantized)
    assert len(quantized) < everything
    words = "byId('search').value = 'QUANTIZED differ'; byId('search').dispatchEvent(new Event('input'))"
    assert 0 < len(shown(words)) <= len(quantized)
    assert shown("byId('search').value = 'nowhere'; byId('search').dispatchEvent(new Event('input'))") == []
    assert f"0 of {everything} failures" in browser.value("byId('shown').textContent")
    shown("byId('clear').click()")
    assert browser.value("found.length") == everything


def test_every_picture_is_drawn_and_its_window_is_right(browser, folder):
    """The products that the page finds for an element add up to what was wanted, whatever the operation."""
    browser.look(width=1200, height=1400)
    summed, operations = 0, set()
    for name in ("forward", "operations"):
        browser.open(folder / f"{name}.html")
        rows = browser.value("failures.map((failure) => failure.id)")
        for place, case in list(enumerate(rows))[:: max(1, len(rows) // 40)]:
            row = opened(browser, place)
            picture = f"JSON.parse(details[{place}]).picture"
            if browser.value(f"{picture} === null || {picture} === undefined"):
                continue
            operations.add(browser.value(f"{picture}.operation"))
            canvases = browser.value(f"[...{row}.querySelectorAll('canvas')].map((c) => [c.width, c.height])")
            planes = 3 if browser.value(f"'got' in {picture}") else 1
            assert len(canvases) - planes == ("no window reaches there" not in browser.value(f"{row}.textContent")), (
                case
            )
            assert all(width > 1 and height >= 1 for width, height in canvases), case
            # Something is drawn: more than one colour.
            pixels = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer"
            colours = f"(canvas) => new Set(new Uint32Array({pixels})).size > 1"
            assert browser.value(f"[...{row}.querySelectorAll('canvas')].every({colours})"), case
            state = browser.value(f"{row}.querySelector('.window p').textContent")
            assert state.endswith("wrong"), case
            # Real numbers are rounded in another order, and special ones have no sum.
            if case.endswith(("-int", "-integer")) and "special" not in case:
                sums = browser.value(f"""(() => {{
                    const picture = {picture};
                    if (!picture.want) return [];
                    const operands = Object.fromEntries(["input", "filter", "bias", "output"].map((role) =>
                        [role, tensorOf(picture[role])]));
                    const want = tensorOf(picture.want);
                    return Array.from(want.numbers.slice(0, 300), (number, at) =>
                        [number, sumOf(picture, operands, indexOf(picture.shape, at))?.total]).filter(([, sum]) =>
                        sum !== undefined && sum !== null);
                }})()""")
                assert all(want == total for want, total in sums), case
                summed += len(sums)
    assert operations == {"forward", "input-gradient", "filter-gradient", "bias-gradient"}
    assert summed > 1000


def test_an_element_is_chosen_by_hand(browser, folder):
    browser.look(width=1200, height=1400)
    browser.open(folder / "forward.html")
    row = opened(browser, 0)
    words = f"{row}.querySelector('.window p').textContent"
    before = browser.value(words)
    browser.value(
        f"{row}.querySelector('canvas').dispatchEvent(new KeyboardEvent('keydown', {{key: 'ArrowUp', bubbles: true}}))"
    )
    after = browser.value(words)
    assert before != after
    assert "row 0" in after
    assert after.endswith("right")
    place = browser.value(
        f"(() => {{ const r = {row}.querySelectorAll('canvas')[1].getBoundingClientRect();"
        "return [r.x + 3, r.bottom - 3]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
    assert "row 2" in browser.value(words)
    assert "--case interactions/" in browser.value(f"{row}.querySelector('.command pre').textContent")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_is_wider_than_the_window(browser, folder, width, dark):
    browser.look(width=width, height=900, dark=dark)
    for name in ("forward", "operations"):
        browser.open(folder / f"{name}.html")
        for place in (0, 3):
            opened(browser, place)
        assert browser.value("document.documentElement.scrollWidth") <= width
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") != dark


def test_text_is_never_markup(browser, folder, tmp_path):
    def spoil(lines):
        for line in lines:
            if line["type"] == "header":
                line["engines"][0]["version"] = HOSTILE
                line["engines"][0]["specification"] = HOSTILE
                line["repeat"] = ["--golden", HOSTILE]
            elif line["type"] == "case" and line["status"] != "pass":
                line["note"] = line["source"] = HOSTILE
            elif line["type"] == "finding":
                line["faults"] = [{"name": HOSTILE, "summary": HOSTILE, "source": HOSTILE}]

    def forget_the_passing(lines):
        """Leave one engine, whose cases no other line describes."""
        spoil(lines)
        failing = [line for line in lines if line["type"] == "case" and line["status"] == "fail"]
        lines[0]["engines"] = lines[0]["engines"][:1]
        lines[0]["suites"] = [{**lines[0]["suites"][0], "cases": len({line["case"] for line in failing})}]
        lines[0]["planned"] = len(failing)
        lines[-1]["counts"] = dict.fromkeys(lines[-1]["counts"], 0) | {"fail": len(failing)}
        failing[1] |= {"status": "crash", "cause": {"kind": "stated", "words": HOSTILE}}
        del failing[1]["comparison"]
        failing[1].pop("tensors", None)
        lines[-1]["counts"] |= {"fail": len(failing) - 1, "crash": 1}
        lines[1:-1] = [*failing, *(line for line in lines if line["type"] == "finding")]

    record = changed(folder / "forward.jsonl", tmp_path / "hostile.jsonl", forget_the_passing)
    convcheck("report", record, "--html", tmp_path / "hostile.html", status=1)
    browser.open(tmp_path / "hostile.html")
    for place in range(3):
        opened(browser, place)
    assert browser.value("document.title").startswith("convcheck: FAILED")
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.value("document.querySelectorAll('script').length") == 4
    shown = browser.value("document.body.textContent.split(`onerror=`).length - 1")
    assert shown > 10


def test_thousands_of_failures_stay_quick(browser, folder, tmp_path):
    def multiply(lines):
        failing = [line for line in lines if line["type"] == "case" and line["status"] == "fail"]
        copies = [
            {**line, "case": f"{line['case']}-{number}", "turn": [line["turn"][0] + 100 * number, line["turn"][1]]}
            for number in range(2500 // len(failing) + 1)
            for line in failing
        ][:2500]
        lines[0]["planned"] = len(copies)
        suites = [line["suite"] for line in copies]
        lines[0]["suites"] = [
            {**suite, "cases": suites.count(suite["name"])} for suite in lines[0]["suites"] if suite["name"] in suites
        ]
        lines[-1]["counts"] = dict.fromkeys(lines[-1]["counts"], 0) | {"fail": len(copies)}
        lines[1:-1] = copies

    record = changed(folder / "operations.jsonl", tmp_path / "many.jsonl", multiply)
    convcheck("report", record, "--quiet", "--html", tmp_path / "many.html", status=1)
    browser.open(tmp_path / "many.html")
    assert browser.value("failures.length") == 2000
    assert "500 larger ones are left out of this page" in browser.value("byId('shown').textContent")
    # A hundred rows at a time; what is drawn does not depend on how many there are.
    assert browser.value("document.querySelectorAll('#list > details').length") == 100
    assert browser.value("document.querySelectorAll('canvas').length") == 0
    loaded = browser.value("performance.timing.loadEventEnd - performance.timing.navigationStart")
    filtered = browser.value(
        "(() => { const start = performance.now(); filter(); return performance.now() - start; })()"
    )
    # A tenth of this on a quiet machine.
    assert loaded < 10_000
    assert filtered < 2_000
    opened(browser, 1999)
    assert browser.value("document.querySelectorAll('canvas').length") > 0


def test_what_the_browser_shows_is_what_the_record_says(folder, tmp_path):
    """A page of a record is the page of its run, and has every failure."""
    for name in ("forward", "operations"):
        convcheck("report", folder / f"{name}.jsonl", "--html", tmp_path / "again.html", status=1)
        assert (tmp_path / "again.html").read_bytes() == (folder / f"{name}.html").read_bytes()
        text = (tmp_path / "again.html").read_text()
        block = text.split('<script type="application/json" id="rows">\n')[1].split("</script>")[0]
        rows = [json.loads(line)["id"] for line in block.splitlines()]
        record = map(json.loads, (folder / f"{name}.jsonl").read_text().splitlines())
        assert sorted(rows) == sorted(line["case"] for line in record if line.get("status") == "fail")
