"""What is done in a process of its own: index a catalogue, converse on the page, remember, look.

Knows Magpie's front door for each; knows no fault. A deed returns values that JSON holds; what goes
wrong by Magpie's own account is a `MagpieError`, and everything else is a fault of ours.
"""

import time
from contextlib import closing

from assistant.agent import Agent
from assistant.living_agent import LivingAgent
from assistant.memory.store import Memory
from assistant.page.session import exchange_from_message
from assistant.page.turns import Turns
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import Encoders
from retrieval.errors import IndexMissingError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import all_vectors, index_catalogue, open_index, read_items
from retrieval.index.newer import IndexWatch
from retrieval.items import Catalogue, Item
from tests.builders import build, last
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

ENCODERS = Encoders(HashedTextEncoder(32), ColourPictureEncoder())
PATIENCE = 20  # seconds for an answer


def index(folder, rebuild):
    """Index the catalogue of a folder."""
    done = index_catalogue(folder / "shop.csv", folder / "shop", ENCODERS, _store, rebuild=rebuild)
    return done.items


def state(folder, users):
    """Return all that is kept: the items of the index, and of each user talks and taste.

    The index is read and searched: every item is found by its own vector, with its own record.
    """
    return {
        "items": _items(folder),
        "talks": {user: _talks(folder, user) for user in users},
        "taste": {user: _taste(folder, user) for user in users},
    }


def converse(folder, user, session, said):
    """Open the page, send messages or press buttons ("/again"); return how the talk then looks."""
    memory = Memory(_url(folder))
    with closing(_living(folder, memory)) as living, closing(Turns(living)) as turns:
        for words in said:
            if words.startswith("/"):
                now = turns.press(session, user, words[1:])
            else:
                now = turns.send(session, user, exchange_from_message({"text": words}))
            session, end = now.session, time.monotonic() + PATIENCE
            while turns.open(session, user).busy:
                assert time.monotonic() < end, f"no end of {words!r}"
                time.sleep(0.002)
        return _shown(turns.open(session, user))


def _living(folder, memory):
    index = _open(folder)
    agent = Agent(
        index=index, encoders=ENCODERS, model=None, memory=memory,
        vocabulary=Vocabulary(index.catalogue),
    )  # fmt: skip
    return LivingAgent(agent, IndexWatch(folder / "shop", index.generation, lambda: _open(folder)))


def remember(folder, user, deed, what=""):
    """Change what is remembered of a user: likes, sentences, all of it, one conversation."""
    with closing(Memory(_url(folder))) as memory:
        match deed:
            case "like" | "dislike":
                memory.feel(user, "shop", Item(what, what), deed, "card")
            case "nothing":
                memory.feel_nothing(user, "shop", what)
            case "say":
                memory.add_sentence(user, what)
            case "forget":
                memory.forget(user, conversations=True)
            case "delete":
                memory.history.remove(user, what)


def warm_up(folder):
    """Load what every deed would load for itself: it is not changed afterwards."""
    agent = build(folder)
    last(agent, "a scarf under 40, and something to drink from")
    agent.memory.close()


def _items(folder):
    try:
        read = read_items(folder / "shop", _store).items
    except IndexMissingError:
        return None
    opened = _open(folder)
    try:
        for id_, vector in zip(opened.catalogue.items, all_vectors(opened), strict=True):
            assert id_ in opened.store.nearest(vector, limit=3), f"{id_} is not found"
        assert opened.catalogue.items == read
    finally:
        opened.close()
    return {item.id: [item.title, item.price] for item in read.values()}


def _talks(folder, user):
    """Return a user's conversations, each as the page shows it again, and what the agent knows."""
    memory = Memory(_url(folder))
    turns = Turns(_Restoring(memory, Catalogue("shop", {})))
    try:
        listed = [talk.session for talk in memory.history.talks(user, "shop")]
        return {one: _shown(turns.open(one, user)) | {"turns": memory.turns(one)} for one in listed}
    finally:
        turns.close()
        memory.close()


def _taste(folder, user):
    memory = Memory(_url(folder))
    try:
        opinions = {one.item: one.feeling for one in memory.opinions(user, "shop")}
        return [opinions, sorted(one.text for one in memory.edits(user))]
    finally:
        memory.close()


class _Restoring:
    """An agent that answers nothing: its conversations are only shown."""

    def __init__(self, memory, catalogue):
        self.memory, self.catalogue, self.vocabulary = memory, catalogue, None


def _shown(now):
    told = [
        {
            "words": one.words,
            "answer": one.reply.answer if one.reply else None,
            "trouble": one.reply.trouble if one.reply else "",
            "notice": one.reply.notice if one.reply else "",
            "items": [found.item.id for found in one.reply.candidates] if one.reply else [],
            "counts": one.counts,
        }
        for one in now.exchanges
    ]
    return {"session": now.session, "exchanges": told}


def _open(folder):
    return open_index(folder / "shop", ENCODERS, _store, BM25Index)


def _store(place):
    return ChromaStore(place, room=0)


def _url(folder):
    return f"sqlite:///{folder / 'memory.sqlite'}"


DEEDS = {one.__name__: one for one in (index, converse, remember, state)}
