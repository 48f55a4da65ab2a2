"""Index, update, rebuild, converse, remember: in any order, two at once, with faults at any call.

Each deed is done by a process of its own with the real Chroma and SQLite, over a disk that may fail
at the n-th call (`faults/faulty_disk.c`) or with which the process ends there. After each, what is
kept is compared with what was told (`faults/ledger.py`). In CI some seconds; by hand:

    pytest tests/test_state_machine.py --hypothesis-profile=hour
"""

import errno
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from assistant.memory.history import GONE_ON
from tests.faults.ledger import Ledger, Said, Twice, is_sure
from tests.faults.workers import KILL, Deed, DiskFault, Workers

if not shutil.which("cc"):
    pytest.skip("the faulty disk wants a C compiler", allow_module_level=True)

USERS = ("ann", "bob")
WORDS = ("a scarf", "something blue", "a mug under 20", "the first one", "cheaper", "ein Schal")
TITLES = ("Ribbed Scarf", "Harbour Mug", "Table Lamp", "Wool Blanket")
NO_FAULT = DiskFault()
FAULTS = st.builds(
    DiskFault,
    at=st.integers(1, 60) | st.integers(1, 350),
    error=st.sampled_from([KILL, KILL, errno.ENOSPC, errno.EIO, errno.ETIMEDOUT]),
    lasting=st.booleans(),
    reads=st.booleans(),
)
MAYBE = st.just(NO_FAULT) | FAULTS
ANY_USER = st.sampled_from(USERS)
SAID = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2)
DEEDS_OF_TASTE = st.tuples(st.sampled_from(("like", "dislike", "nothing", "say")), st.sampled_from(("0", "1")))  # fmt: skip

# How many sequences are tried: some seconds in CI, hours by hand.
TRIED = {500: 30, 50_000: 1500}  # by a profile's inputs


class AnyOrder(RuleBasedStateMachine):
    """One folder with a catalogue, an index and a database, and all that is done to it."""

    workers = None

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="any-order-"))
        self.ledger, self.rows = Ledger(), {}

    def teardown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what is done ---------------------------------------------------------------------------

    @initialize(fault=MAYBE)
    def first_index(self, fault):
        self.rows = {"0": ["Ribbed Scarf", 32.0], "1": ["Harbour Mug", 12.0]}
        self._write()
        self._do(self._index(fault))

    @rule(id_=st.sampled_from("0123"), title=st.sampled_from(TITLES), price=st.integers(1, 90))
    def change_a_row(self, id_, title, price):
        self.rows[id_] = [title, float(price)]
        self._write()

    @precondition(lambda self: len(self.rows) > 1)
    @rule(data=st.data())
    def remove_a_row(self, data):
        del self.rows[data.draw(st.sampled_from(sorted(self.rows)))]
        self._write()

    @rule(fault=MAYBE, rebuild=st.booleans())
    def index(self, fault, rebuild):
        self._do(self._index(fault, rebuild=rebuild))

    @precondition(lambda self: self.ledger.catalogues != [None])
    @rule(user=ANY_USER, said=SAID, fault=MAYBE, data=st.data())
    def converse(self, user, said, fault, data):
        self._do(self._talk(user, said, fault, data))

    @rule(user=ANY_USER, deed=DEEDS_OF_TASTE, fault=MAYBE)
    def remember(self, user, deed, fault):
        self._do(self._taste(user, *deed, fault))

    @precondition(lambda self: any(self.ledger.talks.values()))
    @rule(user=ANY_USER)
    def forget(self, user):
        self.workers.sure(self.folder, "remember", user, "forget")
        for kept in (self.ledger.talks, self.ledger.opinions, self.ledger.sentences):
            kept[user] = {}
        self._check()

    @precondition(lambda self: any(self.ledger.talks.values()))
    @rule(data=st.data(), fault=MAYBE)
    def delete_a_conversation(self, data, fault):
        there = [(user, one) for user, talks in self.ledger.talks.items() for one in talks]
        user, session = data.draw(st.sampled_from(sorted(there)))
        outcome = self.workers.one(self.folder, "remember", user, "delete", session, fault=fault)
        assert outcome.kind in ("done", "refused", "killed"), outcome.told
        said = self.ledger.talks[user].pop(session)
        if outcome.kind != "done":
            self.ledger.talks[user][session] = [Said(one.words) for one in said]
        self._check()

    @precondition(lambda self: self.ledger.catalogues != [None])
    @rule(faults=st.tuples(MAYBE, MAYBE), rebuild=st.booleans(), said=SAID, data=st.data(),
          pair=st.sampled_from(("index and talk", "two talks", "two indexes", "taste and talk", "two tastes")))  # fmt: skip
    def two_at_once(self, faults, rebuild, said, data, pair):
        one, other = faults
        deeds = {
            "index and talk": lambda: (self._index(one, rebuild=rebuild), self._talk("ann", said, other, data)),
            "two talks": lambda: (self._talk("ann", said, one, data), self._talk("bob", said, other, data)),
            "two indexes": lambda: (self._index(one, rebuild=rebuild), self._index(other)),
            "taste and talk": lambda: (self._taste("ann", "like", "0", one), self._talk("ann", said, other, data)),
            "two tastes": lambda: (self._taste("ann", "like", "0", one, "dislike"), self._taste("ann", "dislike", "0", other, "like")),
        }[pair]()  # fmt: skip
        self._do(*deeds)

    @precondition(lambda self: self.ledger.talks.get("ann"))
    @rule(faults=st.tuples(MAYBE, MAYBE), said=SAID, data=st.data())
    def go_on_on_two_pages(self, faults, said, data):
        self._do(*self._twice(said, *faults, data))

    # ---- what must then hold --------------------------------------------------------------------

    def _index(self, fault, *, rebuild=False):
        deed = Deed("index", (rebuild,), fault)

        def over(outcome):
            now = dict(self.rows)
            if outcome.kind == "done":
                self.ledger.catalogues = [now]
            elif now not in self.ledger.catalogues:
                self.ledger.catalogues.append(now)
            if outcome.kind == "refused" and fault == NO_FAULT:
                assert "another process is writing to" in outcome.told, outcome.told

        return deed, over

    def _talk(self, user, said, fault, data):
        talks = self.ledger.talks.setdefault(user, {})
        session = data.draw(st.sampled_from(["", *sorted(talks)]))
        before = list(talks.get(session, []))

        def over(outcome):
            if outcome.kind == "done":
                shown = outcome.told["exchanges"]
                now = [Said(one["words"], one if is_sure(one) else None) for one in shown]
                assert [one.words for one in now] == [*(one.words for one in before), *said]
                if fault == NO_FAULT:
                    assert all(map(is_sure, shown)), shown
                talks[outcome.told["session"]] = now
            elif session:
                talks[session] = [*before, *map(Said, said)]
            else:
                self.ledger.doubtful.setdefault(user, []).extend(said)
            assert outcome.kind != "refused" or fault != NO_FAULT, outcome.told

        return Deed("converse", (user, session, said), fault), over

    def _twice(self, said, one, other, data):
        """Let two pages go on with the same conversation: what either confirms is kept."""
        session = data.draw(st.sampled_from(sorted(self.ledger.talks["ann"])))
        talks, before = self.ledger.talks["ann"], list(self.ledger.talks["ann"][session])

        talks[session] = both = Twice(before)

        def over(outcome):
            both.maybe += said
            if outcome.kind == "done":
                both.sure += filter(is_sure, outcome.told["exchanges"][-len(said) :])
            elif outcome.kind == "refused" and NO_FAULT in (one, other):
                assert GONE_ON in outcome.told or one != other, outcome.told

        return tuple(
            (Deed("converse", ("ann", session, said), fault), over) for fault in (one, other)
        )

    def _taste(self, user, deed, what, fault, rival=None):
        def over(outcome):
            assert outcome.kind != "refused" or fault != NO_FAULT, outcome.told
            known = self.ledger.opinions.setdefault(user, {})
            told = self.ledger.sentences.setdefault(user, {})
            if deed == "say":
                told[what] = outcome.kind == "done" or told.get(what) or None
            elif outcome.kind == "done":
                known[what] = {deed, rival or deed}
            else:
                known[what] = {*known.get(what, {"nothing"}), deed}

        return Deed("remember", (user, deed, what), fault), over

    def _do(self, *planned):
        outcomes = self.workers.do(self.folder, *(deed for deed, _ in planned))
        for (deed, _), outcome in zip(planned, outcomes, strict=True):
            assert outcome.kind in ("done", "refused", "killed"), (deed, outcome.kind, outcome.told)
            assert outcome.kind != "refused" or "\n" not in outcome.told, outcome.told
            assert outcome.kind != "killed" or deed.fault.error == KILL, deed
        both = {id(over): outcome for (_, over), outcome in zip(planned, outcomes, strict=True)}
        for _, over in sorted(planned, key=lambda one: both[id(one[1])].kind != "done"):
            over(both[id(over)])
        self._check()

    def _check(self):
        self.ledger.check(self.workers.sure(self.folder, "state", USERS))

    def _write(self):
        rows = (f"{id_},{title},{price}" for id_, (title, price) in sorted(self.rows.items()))
        (self.folder / "shop.csv").write_text("\n".join(("id,title,price", *rows)))


@pytest.fixture(scope="module", autouse=True)
def workers():
    AnyOrder.workers = Workers()
    yield
    AnyOrder.workers.close()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=TRIED.get(settings.default.max_examples, 6),
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter sequence costs minutes
    suppress_health_check=list(HealthCheck),
)
