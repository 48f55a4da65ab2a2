"""What must be kept after any deed, done or broken off: worked out on paper, from what was told.

Knows what users were told; opens nothing. What a process has confirmed must be there, whole and in
order; what it was killed over, or has said that it could not keep, may be there or not; nothing else
may.
"""

from dataclasses import dataclass, field

UNKEPT = ("nothing can be kept", "cannot be written")


@dataclass
class Said:
    """A message, and what is known of it."""

    words: str
    shown: dict | None = None  # as it was shown at the end, None where that is not known


@dataclass
class Twice:
    """A conversation with which two processes have gone on at the same time."""

    before: list
    sure: list = field(default_factory=list)  # exchanges that either has confirmed
    maybe: list = field(default_factory=list)  # what either has sent

    def __iter__(self):
        return iter(self.before)


@dataclass
class Ledger:
    """What may be kept now."""

    catalogues: list = field(default_factory=lambda: [None])  # the index holds one of them
    talks: dict = field(default_factory=dict)  # user → session → [Said]
    doubtful: dict = field(
        default_factory=dict
    )  # user → messages that may be kept anywhere of theirs
    opinions: dict = field(default_factory=dict)  # user → item → what may be felt of it
    sentences: dict = field(
        default_factory=dict
    )  # user → sentence → whether it is kept: True, False, None

    def check(self, found):
        """Compare what is kept with what must and may be, and note what is settled now."""
        assert found["items"] in self.catalogues, (found["items"], self.catalogues)
        self.catalogues = [found["items"]]
        for user, talks in found["talks"].items():
            self._check_talks(user, talks)
        for user, (opinions, sentences) in found["taste"].items():
            known = self.opinions.setdefault(user, {})
            assert opinions.keys() <= known.keys(), (opinions, known)
            for item, feelings in known.items():
                assert opinions.get(item, "nothing") in feelings, (user, item, opinions, known)
                known[item] = {opinions.get(item, "nothing")}
            told = self.sentences.setdefault(user, {})
            assert set(sentences) <= {one for one, kept in told.items() if kept is not False}
            assert {one for one, kept in told.items() if kept} <= set(sentences)
            self.sentences[user] = {one: one in sentences for one in told}

    def _check_talks(self, user, found):
        known, doubtful = self.talks.setdefault(user, {}), self.doubtful.setdefault(user, [])
        for session, said in known.items():
            if session not in found:
                assert not any(one.shown for one in said), f"{user} has lost {session}: {said}"
        for session, talk in found.items():
            said = known.get(session, [Said(words) for words in doubtful])
            _check_talk(said, talk)
        self.talks[user] = {
            session: [Said(one["words"], one) for one in talk["exchanges"]]
            for session, talk in found.items()
        }
        self.doubtful[user] = []


def _check_talk(said, talk):
    """Compare a conversation: what was shown is there, in order; what was broken off may be."""
    left = list(talk["exchanges"])
    for one in said:
        if left and left[0]["words"] == one.words:
            found = left.pop(0)
            assert one.shown is None or _same(one.shown, found), (one.shown, found)
        else:
            assert one.shown is None, f"lost {one}; there is {talk['exchanges']}"
    if isinstance(said, Twice):
        lost = [one for one in said.sure if not any(_same(one, found) for found in left)]
        assert not lost, f"lost {lost}; there is {left}"
        left = [found for found in left if found["words"] not in said.maybe]
    assert not left, f"nobody said {left}: {said}"
    for exchange in talk["exchanges"]:
        assert exchange["answer"] is not None, exchange
        if exchange["counts"]:
            assert exchange["words"] in [words for words, _ in talk["turns"]], talk


def _same(shown, found):
    names = ("words", "answer", "trouble", "items", "counts")
    return all(shown[name] == found[name] for name in names)


def is_sure(exchange):
    """Tell whether an exchange was shown as one that is kept."""
    told = f"{exchange['notice']} {exchange['trouble']}"
    return not any(sign in told for sign in UNKEPT)
