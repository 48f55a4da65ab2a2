"""Let every call to the disk fail once, and once from there on: of every deed, for every error.

    python -m tests.faults [STEP [DEED]]     every STEP-th call; of "a look" alone

After each, what is kept must be what was told. Prints how many were tried, what broke, and where.
"""

import errno
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.workers import KILL, DiskFault, Workers

ROWS = "id,title,price\n0,Ribbed Scarf,32\n1,Harbour Mug,12\n"
MORE = f"{ROWS}2,Table Lamp,80\n"
OLD = {"0": ["Ribbed Scarf", 32.0], "1": ["Harbour Mug", 12.0]}
NEW = OLD | {"2": ["Table Lamp", 80.0]}
DEEDS = {  # what is done, and which items the index may hold afterwards
    "a first index": (("index", False), (None, OLD)),
    "an update": (("index", False), (OLD, NEW)),
    "a rebuild": (("index", True), (OLD, NEW)),
    "a conversation": (("converse", "ann", "", ["a scarf", "something blue"]), (OLD,)),
    "a button": (("converse", "ann", "SESSION", ["/again"]), (OLD,)),
    "an opinion": (("remember", "ann", "like", "0"), (OLD,)),
    "a deletion": (("remember", "ann", "forget"), (OLD,)),
    "a look": (("state", ["ann"]), (OLD,)),
}


def prepare(workers, folder, name):
    """Bring a folder to where a deed begins; return the session that is in it."""
    (folder / "shop.csv").write_text(ROWS)
    if name == "a first index":
        return ""
    workers.sure(folder, "index", False)
    session = workers.sure(folder, "converse", "ann", "", ["a scarf", "a mug"])["session"]
    if name in ("an update", "a rebuild"):
        (folder / "shop.csv").write_text(MORE)
    return session


def tried(workers, start, name, session, fault):
    """Do a deed with a fault; return what went wrong, "" for nothing, and whether it fell due."""
    (deed, *arguments), allowed = DEEDS[name]
    arguments = [session if one == "SESSION" else one for one in arguments]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "here"
        shutil.copytree(start, place)
        outcome = workers.one(place, deed, *arguments, fault=fault)
        if outcome.kind in ("fault", "stuck"):
            return str(outcome.told), True
        after = workers.one(place, "state", ["ann"])
        if after.kind != "done":
            return f"afterwards: {after.kind}: {after.told}", True
        if after.told["items"] not in allowed:
            return f"afterwards: {after.told['items']}", True
        again = workers.one(place, "index", False)
        if again.kind != "done":
            return f"the next index: {again.kind}: {again.told}", True
        return "", outcome.kind == "killed" or outcome.calls >= fault.at


def main():
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    workers, count, broken = Workers(), 0, Counter()
    for name in sys.argv[2:] or DEEDS:
        with tempfile.TemporaryDirectory() as folder:
            session = prepare(workers, Path(folder), name)
            for error in (KILL, errno.ENOSPC, errno.EIO, errno.ETIMEDOUT):
                for kind in ("once", "on", "reads"):
                    at, due = 1, error != KILL or kind != "on"
                    while due:
                        fault = DiskFault(at, error, kind == "on", kind == "reads")
                        wrong, due = tried(workers, Path(folder), name, session, fault)
                        count, at = count + 1, at + step
                        if wrong:
                            broken[f"{name}: {_last(wrong)}"] += 1
                            if broken[f"{name}: {_last(wrong)}"] == 1:
                                print(name, fault, wrong, sep="\n", flush=True)
            print(f"{name}: {count} tried so far", flush=True)
    print(f"{count} faults, {sum(broken.values())} that broke something:")
    print("\n".join(f"{n:5} {what}" for what, n in broken.most_common()))
    workers.close()


def _last(wrong):
    lines = [line.strip() for line in wrong.strip().splitlines()]
    places = [line for line in lines if line.startswith("File") and "/tests/" not in line]
    return f"{places[-1][-60:] if places else ''} {lines[-1][:100]}"


if __name__ == "__main__":
    main()
