"""Write a small index and database with the Magpie that runs this, for tests/data/releases.

    python -m tests.write_release tests/data/releases/0.2.0.tar.xz

Done once for each release and never again: `test_releases.py` opens them all, and a later Magpie
must read them without loss. Knows what is in them; the test says it again, by hand.
"""

import os
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from assistant.events import Done
from assistant.memory.store import Memory
from assistant.page.kept_exchanges import exchange_json
from assistant.page.reply import Reply
from assistant.page.session import exchange_from_message
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState
from retrieval.embed import Encoders
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue
from retrieval.items import Candidate, Catalogue, Constraint, Item
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

ROWS = """id,title,category,price,currency,colour,stock
s1,Ribbed Scarf,Scarves,32,USD,blue,4
s2,Meadow Scarf,Scarves,18.5,USD,green,9
s3,Alpine Scarf,Scarves,75,USD,red,2
m1,Harbour Mug,Mugs,12,USD,blue,9"""
SCARF = Item("s1", "Ribbed Scarf", "", "Scarves", 32.0, "USD", attributes={"colour": "blue"})
BUDGET = Constraint("price", "<=", 40.0, "under 40")
WORDS = "a scarf under 40"


def write_index():
    Path("shop.csv").write_text(ROWS)
    encoders = Encoders(HashedTextEncoder(64), ColourPictureEncoder())
    index_catalogue(Path("shop.csv"), Path("shop"), encoders, ChromaStore)


def write_memory():
    shown = (Candidate(SCARF, 1.0),)
    now = Conversation(DialogueState((BUDGET,)), (SCARF,), "a scarf", seen=frozenset({"s1"}))
    done = Done("first", "search", (BUDGET,), shown, {}, "Here it is.", "")
    reply = Reply(answer="Here it is.", candidates=shown)
    one = replace(exchange_from_message({"text": WORDS}), reply=reply, counts=True)
    memory = Memory("sqlite:///conversations.sqlite")
    memory.keep("ann", WORDS, now, done, Catalogue("shop", {"s1": SCARF}))
    memory.feel("ann", "shop", SCARF, "like", "card")
    memory.add_sentence("ann", "I wear wool")
    memory.switch("bob", on=False)
    memory.history.keep("ann", "first", "shop", 0, exchange_json(one))
    memory.history.entitle("ann", "first", WORDS)
    memory.close()


def main():
    archive = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_index()
        write_memory()
        with tarfile.open(archive, "x:xz") as packed:
            packed.add(".", archive.name.removesuffix(".tar.xz"))
        os.chdir(archive.parent)


if __name__ == "__main__":
    main()
