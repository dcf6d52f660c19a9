"""An engine that takes its time: a zero for every output element, after a while."""

import json
import sys
import time

sys.stdin.readline()
print(json.dumps({"type": "hello", "protocol": 1, "engine": {"name": "slow", "version": "1"}}), flush=True)
for line in sys.stdin.buffer:
    request = json.loads(line)
    for tensor in request["tensors"]:
        size = 4
        for extent in tensor["shape"]:
            size *= extent
        sys.stdin.buffer.read(size)
    time.sleep(0.2)
    print(json.dumps({"type": "error", "id": request["id"], "message": "too tired"}), flush=True)
