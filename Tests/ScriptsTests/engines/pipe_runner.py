"""A stand-in for the runner: the other end of an engine's pipes, in as little code as the protocol allows."""

import json
import subprocess
import threading
from dataclasses import dataclass

import numpy as np


@dataclass
class Reply:
    """A message and the tensors that followed it."""

    message: dict
    output: np.ndarray | None = None


class Engine:
    """A child process that speaks the protocol. `stderr` holds what it printed, once it has ended."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.stderr = ""
        self.hello = None
        # An engine that waits for ever fails its test, and does not hold up the rest.
        self.watchdog = threading.Timer(300, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def greet(self):
        self.send({"type": "hello", "protocol": 1})
        self.hello = self.receive().message
        return self

    def run(self, input, filter, bias=None, number=1, **changes):
        """Send a problem (stride 1, VALID, unless `changes` say otherwise) and return the reply."""
        tensors = {"input": input, "filter": filter} | ({} if bias is None else {"bias": bias})
        layouts = self.hello["capabilities"] if self.hello else {}
        problem = {
            "strides": [1, 1],
            "dilations": [1, 1],
            "padding": "VALID",
            "pads": [0, 0, 0, 0],
            "groups": 1,
            "input_layout": layouts.get("input_layouts", ["NHWC"])[0],
            "filter_layout": layouts.get("filter_layouts", ["HWIO"])[0],
        }
        self.send({"type": "run", "id": number, "problem": problem | changes, "tensors": describe(tensors)}, tensors)
        return self.receive()

    def send(self, message, tensors=None):
        arrays = (tensors or {}).values()
        self.send_raw(json.dumps(message).encode() + b"\n" + b"".join(array.tobytes() for array in arrays))

    def send_raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        assert line.endswith(b"\n"), f"the engine ended: {self.end()}, {self.stderr}"
        message = json.loads(line)
        if message["type"] != "result":
            return Reply(message)
        [tensor] = message["tensors"]
        dtype = np.dtype(tensor["dtype"])
        data = self.process.stdout.read(int(np.prod(tensor["shape"])) * dtype.itemsize)
        return Reply(message, np.frombuffer(data, dtype).reshape(tensor["shape"]))

    def end(self):
        """Close the pipe and return the exit status; whatever else the engine wrote is a fault."""
        rest, errors = self.process.communicate(timeout=60)
        self.stderr = errors.decode()
        assert rest == b"", f"unasked output: {rest[:80]}"
        return self.process.returncode


def describe(tensors):
    """The message's list of tensors."""
    return [{"name": name, "dtype": array.dtype.name, "shape": array.shape} for name, array in tensors.items()]
