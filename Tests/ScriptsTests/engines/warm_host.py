"""Submissions' hosts that share one import of torch: each is a fork of a process that has it, on its client's streams.

warm_host.py SOCKET HOST           serves: imports torch, says "ready", and forks until its input ends
warm_host.py SOCKET HOST ARG...    is HOST with these arguments, for whoever started it
"""

import contextlib
import os
import runpy
import signal
import socket
import struct
import sys
import threading
from pathlib import Path


def client(path: str, arguments: list[str]) -> None:
    """Have a fork take the place of this process, and end as it does."""
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(path)
        socket.send_fds(channel, ["\0".join(arguments).encode()], [0, 1, 2])
        # The fork has the streams now; that it closes them has to be seen by whoever reads them.
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        status = channel.recv(4)
    sys.exit(struct.unpack("i", status)[0] if len(status) == 4 else 70)


def server(path: str, host: str) -> None:
    """Fork a host for each client."""
    import numpy  # noqa: F401 - they are imported once, for all
    import torch
    import torch.nn.functional  # noqa: F401

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    # No test, however it ends, leaves this process behind.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("ready", flush=True)
    while True:
        channel, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            attend(channel, host)
        channel.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def attend(channel: socket.socket, host: str) -> None:
    """Fork the host, and tell its client how it ends."""
    words, streams, _, _ = socket.recv_fds(channel, 1 << 16, 3)
    child = os.fork()
    if child == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.closerange(3, 256)
        sys.argv = [host, *words.decode().split("\0")]
        sys.path.insert(0, str(Path(host).parent))
        runpy.run_path(host, run_name="__main__")
        os._exit(0)
    for stream in [*streams, 0, 1, 2]:
        os.close(stream)
    # A client that is killed, as an engine that hangs is, takes its host with it.
    threading.Thread(target=lambda: channel.recv(1) or os.kill(child, signal.SIGKILL), daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(OSError):
        channel.sendall(struct.pack("i", status))
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        server(*sys.argv[1:])
    else:
        client(sys.argv[1], sys.argv[3:])
