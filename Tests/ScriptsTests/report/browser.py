"""A headless Chromium, spoken to by its DevTools protocol over a pair of pipes: no port, no network."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self


class Browser:
    """One page in one Chromium, with everything that it wrote to its console."""

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

    def __init__(self, folder: Path, patience: float = 120) -> None:
        """Start Chromium with its profile in a folder; `patience` is how many seconds an answer may take."""
        self.patience = patience
        self.messages: list[str] = []
        self.requests: list[str] = []
        self._events: list[dict[str, Any]] = []
        self._number = 0
        self._rest = b""
        self._session: str | None = None
        program = self.program()
        if program is None:
            raise FileNotFoundError("there is no Chromium on the PATH")
        (read_here, write_there), (read_there, self._write) = os.pipe(), os.pipe()
        self._read = read_here
        # Chromium reads commands from descriptor 3 and writes to 4.
        command = (
            f'exec "$0" --headless=new --no-sandbox --disable-gpu --remote-debugging-pipe --no-first-run '
            f'--disable-dev-shm-usage --hide-scrollbars --user-data-dir="$1" 3<&{read_there} 4>&{write_there}'
        )
        self._process = subprocess.Popen(
            ["bash", "-c", command, program, str(folder)],
            pass_fds=(read_there, write_there),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_there)
        os.close(write_there)
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    @classmethod
    def program(cls) -> str | None:
        """Find Chromium on the PATH."""
        return next(filter(None, map(shutil.which, cls.names)), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End Chromium."""
        try:
            self._call("Browser.close", session=False)
            self._process.wait(10)
        except (TimeoutError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def open(self, page: Path) -> None:
        """Show a file, and wait until all of it is there."""
        self._events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._receive()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been drawn twice."""
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def value(self, expression: str) -> Any:
        """Evaluate some JavaScript, and wait for its promise."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {json.dumps(answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def look(self, *, width: int, height: int, dark: bool = False) -> None:
        """Give the window a size, and the system a colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.settle()

    def picture(self, path: Path) -> None:
        """Write what the window shows as a PNG file."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to the page, and wait for its answer."""
        return self._call(method, parameters)

    def _call(self, method: str, parameters: dict[str, Any] | None = None, session: bool = True) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if session and self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + self.patience
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"Chromium said nothing for {self.patience} s")
            part = os.read(self._read, 1 << 16)
            if not part:
                raise TimeoutError("Chromium has ended")
            self._rest += part
        text, self._rest = self._rest.split(b"\0", 1)
        message = json.loads(text)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method:
            self._events.append(message)
        if method == "Runtime.consoleAPICalled":
            self.messages.append(str([item.get("value", item.get("description")) for item in parameters["args"]]))
        elif method == "Runtime.exceptionThrown":
            self.messages.append(json.dumps(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.messages.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
