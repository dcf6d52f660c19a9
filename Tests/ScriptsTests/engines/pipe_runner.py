"""A stand-in for the runner: the other end of an engine's pipes, in as little code as the protocol allows."""

import json
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ENGINES = Path(__file__).parents[3] / "Scripts" / "engines"


@dataclass
class Reply:
    """A message and the tensors that followed it."""

    message: dict
    output: np.ndarray | None = None


class Engine:
    """A child process that speaks the protocol."""

    def __init__(self, *command):
        # A file takes all that an engine prints; a pipe that nobody empties would stop it.
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        words = [str(word) for word in command]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        self.hello = None
        # An engine that waits for ever fails its test, and does not hold up the rest.
        self.watchdog = threading.Timer(120, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.errors.close()

    @property
    def stderr(self):
        """What the engine has printed so far."""
        self.errors.seek(0)
        return self.errors.read().decode()

    def greet(self):
        self.send({"type": "hello", "protocol": 1})
        self.hello = self.receive().message
        self.hello["capabilities"] = {"input_layouts": ["NHWC"], "filter_layouts": ["HWIO"]} | self.hello[
            "capabilities"
        ]
        return self

    def run(self, input, filter, bias=None, number=1, **changes):
        """Send a problem (stride 1, VALID, unless `changes` say otherwise) and return the reply."""
        tensors = {"input": input, "filter": filter} | ({} if bias is None else {"bias": bias})
        return self.ask(tensors, number=number, **changes)

    def ask(self, operands, dtypes=None, answer=None, number=1, **changes):
        """Send a problem (stride 1, VALID, unless `changes` say otherwise) and return the reply.

        Of the operands by name those that `dtypes` names are sent in that element type; `answer` is what is wanted.
        """
        layouts = self.hello["capabilities"]
        problem = {
            "strides": [1, 1],
            "dilations": [1, 1],
            "padding": "VALID",
            "pads": [0, 0, 0, 0],
            "groups": 1,
            "input_layout": layouts["input_layouts"][0],
            "filter_layout": layouts["filter_layouts"][0],
        }
        message = {"type": "run", "id": number, "problem": problem | changes, "tensors": describe(operands, dtypes)}
        data = [encoded(array, (dtypes or {}).get(name)) for name, array in operands.items()]
        line = json.dumps(message | ({} if answer is None else {"answer": answer})).encode() + b"\n"
        self.send_raw(line + b"".join(data))
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
        dtype = np.dtype(np.uint16 if tensor["dtype"] == "bfloat16" else tensor["dtype"])
        data = self.process.stdout.read(int(np.prod(tensor["shape"])) * dtype.itemsize)
        array = np.frombuffer(data, dtype).reshape(tensor["shape"])
        # A bfloat16 is the upper half of a float32.
        array = (array.astype(np.uint32) << 16).view(np.float32) if tensor["dtype"] == "bfloat16" else array
        return Reply(message, array)

    def end(self):
        """Close the pipe and return the exit status; whatever else the engine wrote is a fault."""
        rest, _ = self.process.communicate(timeout=60)
        assert rest == b"", f"unasked output: {rest[:80]}"
        return self.process.returncode


def describe(tensors, dtypes=None):
    """The message's list of tensors."""
    dtypes = {name: array.dtype.name for name, array in tensors.items()} | (dtypes or {})
    return [{"name": name, "dtype": dtypes[name], "shape": array.shape} for name, array in tensors.items()]


def encoded(array, dtype=None):
    """The bytes of an array in an element type that has all its values."""
    if dtype == "bfloat16":
        array = np.asarray(array, np.float32)
        assert not np.any(array.view(np.uint32) & 0xFFFF)
        return (array.view(np.uint32) >> 16).astype("<u2").tobytes()
    return array.astype(dtype or array.dtype).tobytes()
