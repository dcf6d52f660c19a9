"""A browser for the tests of the page, and the runs that they look at."""

import json
import subprocess
from pathlib import Path

import pytest
from browser import Browser

PROJECT = Path(__file__).parents[3]
CONVCHECK = PROJECT / ".build" / "debug" / "convcheck"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Start Chromium once. Without one nothing is looked at, which counts as failed: see Scripts/lib/count_tests.py."""
    if Browser.program() is None:
        pytest.skip("there is no Chromium on the PATH (Debian: chromium)")
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture(autouse=True)
def nothing_goes_wrong_in_the_page(request):
    """Fail where the page wrote to the console, or asked for anything but itself."""
    if "browser" not in request.fixturenames:
        yield
        return
    browser = request.getfixturevalue("browser")
    browser.messages.clear()
    browser.requests.clear()
    yield
    assert browser.messages == []
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []


def convcheck(*arguments, status):
    """Run convcheck in the project's folder, and expect an exit status."""
    done = subprocess.run(
        [CONVCHECK, *map(str, arguments)], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def changed(record, path, change):
    """Write a record anew after `change` was called with its lines, each an object."""
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines))
    return path
