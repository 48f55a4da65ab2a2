"""A real server of a language model: llama.cpp's own, in a process of its own that can be killed.

`python -m tests.llama_server MODEL.gguf PORT` serves until it is ended.
"""

import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


class LlamaServer:
    """A server at one address, which can be killed and started again."""

    def __init__(self, weights):
        self.weights = weights
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/v1"
        self._process = None

    def start(self):
        command = [sys.executable, "-m", "tests.llama_server", str(self.weights), str(self.port)]
        home = Path(__file__).parents[1]
        self._process = subprocess.Popen(command, cwd=home, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urlopen(f"{self.address}/models", timeout=5):
                    return
            except URLError:
                time.sleep(0.1)
        raise AssertionError("llama.cpp's server did not start")

    def kill(self):
        self._process.kill()
        self._process.wait()


def serve(weights, port):
    from xllamacpp import CommonParams, Server

    chosen = CommonParams()
    chosen.model.path, chosen.port, chosen.hostnames = weights, port, ["127.0.0.1"]
    chosen.n_ctx, chosen.n_parallel, chosen.warmup = 8192, 4, False
    chosen.cpuparams.n_threads = chosen.cpuparams_batch.n_threads = 1
    _running = Server(chosen)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
