"""A real PostgreSQL in a folder of its own, which can be killed and started again.

It refuses to run as root, so for root it runs as the account that Debian's package makes.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

_PLACES = "/usr/lib/postgresql/*/bin"  # Debian's


class PostgresServer:
    """A server at one address."""

    def __init__(self):
        found = shutil.which("initdb") or next(
            (str(place / "initdb") for place in sorted(Path("/").glob(f"{_PLACES[1:]}"))), ""
        )
        if not found:
            pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
        self._programs = Path(found).resolve().parent
        self._folder = Path(tempfile.mkdtemp(prefix="magpie-postgres-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "-D", "data", "-U", "magpie", "-A", "trust", "--no-sync", "-E", "UTF8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    def database(self, name="postgres"):
        """Return the URL of a database."""
        return f"postgresql+psycopg://magpie@127.0.0.1:{self._port}/{name}"

    def make(self, name):
        """Make an empty database; return its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "magpie", name)
        return self.database(name)

    def start(self):
        options = f"-p {self._port} -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-o", options, "-l", "log", "-w", "start")

    def kill(self):
        """Kill it as a machine that loses its power does."""
        first = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGQUIT)
        while Path(f"/proc/{first}").exists():
            time.sleep(0.05)

    def remove(self):
        self.kill()
        shutil.rmtree(self._folder)

    def _run(self, program, *options):
        command = [self._programs / program, *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, cwd=self._folder, user=self._user, check=True, **quiet)
