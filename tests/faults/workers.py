"""Processes that do deeds, one or two at once, each with a fault of the disk or without one.

A zygote has imported everything and opened nothing; each deed is done in a fork of it. What comes
back of a deed: "done" with its value, "refused" with Magpie's own line, "fault" with a traceback,
"killed", or "stuck" when it has not ended in time.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

KILL = 0  # in place of an error's number
_PATIENCE = 60  # seconds for a deed
_SOURCE = Path(__file__).with_name("faulty_disk.c")


@dataclass(frozen=True)
class DiskFault:
    """What the disk does at a call: 1 is the first of the deed, 0 never fails."""

    at: int = 0
    error: int = KILL  # an errno
    lasting: bool = False  # all later calls fail too
    reads: bool = False  # reading counts and fails too


@dataclass(frozen=True)
class Deed:
    """Something to be done, and what the disk does meanwhile."""

    name: str
    arguments: tuple = ()
    fault: DiskFault = DiskFault()


@dataclass(frozen=True)
class Outcome:
    """How a deed ended."""

    kind: str  # "done", "refused", "fault", "killed" or "stuck"
    told: object = None
    calls: int = 0  # to the disk, where it is known


class Workers:
    """A zygote and what it does in one folder."""

    def __init__(self):
        self._made = tempfile.TemporaryDirectory()
        library = Path(self._made.name) / "faulty_disk.so"
        make = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(make, check=True)
        command = [sys.executable, "-m", __name__, str(library)]
        self._zygote = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def do(self, folder, *deeds):
        """Do deeds at the same time; return how each ended."""
        told = {"folder": str(folder), "deeds": [asdict(one) for one in deeds]}
        self._zygote.stdin.write(json.dumps(told) + "\n")
        self._zygote.stdin.flush()
        return [Outcome(*one) for one in json.loads(self._zygote.stdout.readline())]

    def one(self, folder, name, *arguments, fault=DiskFault()):
        """Do one deed; return how it ended."""
        (outcome,) = self.do(folder, Deed(name, arguments, fault))
        return outcome

    def sure(self, folder, name, *arguments):
        """Do one deed without a fault; return its value."""
        outcome = self.one(folder, name, *arguments)
        assert outcome.kind == "done", f"{name}{arguments}: {outcome.kind}: {outcome.told}"
        return outcome.told

    def close(self):
        self._zygote.stdin.close()
        self._zygote.wait(_PATIENCE)
        self._zygote.stdout.close()
        self._made.cleanup()


def _serve(library):
    """Be the zygote."""
    from tests.faults.deeds import DEEDS, warm_up

    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    disk = ctypes.CDLL(library)
    with tempfile.TemporaryDirectory() as folder:
        warm_up(Path(folder))
    for line in sys.stdin:
        told = json.loads(line)
        begun = [_fork(DEEDS, disk, Path(told["folder"]), one) for one in told["deeds"]]
        out.write(json.dumps([_ended(*one) for one in begun]) + "\n")
        out.flush()


def _fork(deeds, disk, folder, deed):
    """Begin a deed in a process of its own; return its id and where it will tell its end."""
    told, tell = os.pipe()
    if pid := os.fork():
        os.close(tell)
        return pid, told
    os.close(told)
    fault = deed["fault"]
    disk.faulty_disk_arm(
        str(folder).encode(), fault["at"], fault["error"], fault["lasting"], fault["reads"]
    )
    outcome = _outcome(deeds[deed["name"]], folder, deed["arguments"])
    calls = disk.faulty_disk_counted()
    with os.fdopen(tell, "w") as pipe:
        json.dump([*outcome, calls], pipe)
    os._exit(0)


def _outcome(deed, folder, arguments):
    from retrieval.errors import MagpieError

    try:
        return ["done", deed(folder, *arguments)]
    except MagpieError as error:
        return ["refused", str(error)]
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        return ["fault", traceback.format_exc()]


def _ended(pid, told):
    """Wait for the end of a deed, and return how it ended."""
    end, read = time.monotonic() + _PATIENCE, b""
    while (left := end - time.monotonic()) > 0 and select.select([told], [], [], left)[0]:
        if not (more := os.read(told, 1 << 16)):
            break
        read += more
    stuck = left <= 0
    if stuck:
        os.kill(pid, signal.SIGKILL)
    os.close(told)
    os.waitpid(pid, 0)
    if stuck:
        return ["stuck"]
    return json.loads(read) if read else ["killed"]


if __name__ == "__main__":
    _serve(sys.argv[1])
