"""A real Chroma server in a process of its own, which can be killed and started again."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


class ChromaServer:
    """A server at one address, over one folder."""

    def __init__(self, folder):
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process = None

    def start(self):
        chroma = Path(sys.executable).with_name("chroma")
        command = [chroma, "run", "--path", self.folder, "--port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, cwd=self.folder, **quiet)
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urlopen(f"{self.address}/api/v2/heartbeat", timeout=5):
                    return
            except URLError:
                time.sleep(0.1)
        raise AssertionError("the Chroma server did not start")

    def kill(self):
        self._process.kill()
        self._process.wait()
