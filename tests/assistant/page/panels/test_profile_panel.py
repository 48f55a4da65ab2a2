"""What Magpie remembers, as the page shows it, and what can be done with it there."""

import pytest

from assistant.memory.store import Memory
from assistant.page.panels.profile_panel import act, known_of, memory_drawer
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.errors import MessageError
from retrieval.items import Catalogue, Item

HOSTILE = "<img src=x onerror=alert(1)>"
ITEMS = (Item("m1", "Enamel mug"), Item(HOSTILE, HOSTILE))
SHOP = Vocabulary(Catalogue("shop", {item.id: item for item in ITEMS}))


def felt(memory, user="a"):
    return {one.item: one.feeling for one in memory.opinions(user, "shop")}


def test_a_press_is_kept_taken_back_and_nobody_elses(memory):
    act(memory, SHOP, "a", {"act": "like", "item": "m1"})
    assert felt(memory) == {"m1": "like"}
    assert felt(memory, "b") == {}
    assert "Enamel mug" in memory_drawer(memory, SHOP, "a")
    assert "Enamel mug" not in memory_drawer(memory, SHOP, "b")
    act(memory, SHOP, "a", {"act": "nothing", "item": "m1"})
    assert felt(memory) == {}


def test_own_words_are_added_and_removed(memory):
    act(memory, SHOP, "a", {"act": "add", "text": "I wear size 42"})
    (line,) = known_of(memory, SHOP, "a").lines
    assert "I wear size 42 (your own words)" in memory_drawer(memory, SHOP, "a")
    act(memory, SHOP, "b", {"act": "remove", "key": line.key})
    assert known_of(memory, SHOP, "a").lines == (line,)
    act(memory, SHOP, "a", {"act": "remove", "key": line.key})
    assert known_of(memory, SHOP, "a").lines == ()
    with pytest.raises(MessageError, match="empty"):
        act(memory, SHOP, "a", {"act": "add", "text": " "})


def test_switched_off_nothing_is_written_but_all_can_be_seen_and_forgotten(memory):
    act(memory, SHOP, "a", {"act": "like", "item": "m1"})
    act(memory, SHOP, "a", {"act": "switch"})
    act(memory, SHOP, "a", {"act": "dislike", "item": "m1"})
    act(memory, SHOP, "a", {"act": "add", "text": "x"})
    assert felt(memory) == {"m1": "like"}
    shown = memory_drawer(memory, SHOP, "a")
    assert "Remembering is off" in shown
    assert "Enamel mug" in shown
    assert "<form" not in shown
    act(memory, SHOP, "a", {"act": "forget"})
    assert felt(memory) == {}
    assert not memory.remembers("a")
    act(memory, SHOP, "a", {"act": "switch"})
    assert memory.remembers("a")


@pytest.mark.parametrize(
    "deed", [{}, {"act": "like", "item": "gone"}, {"act": "remove", "key": "x"}, {"act": "fly"}]
)
def test_what_does_not_fit_changes_nothing(memory, deed):
    act(memory, SHOP, "a", deed)
    assert felt(memory) == {}


def test_nothing_becomes_markup(memory):
    act(memory, SHOP, "a", {"act": "like", "item": HOSTILE})
    act(memory, SHOP, "a", {"act": "add", "text": f'{HOSTILE}" onclick="x'})
    shown = memory_drawer(memory, SHOP, "a")
    assert "<img" not in shown
    assert '" onclick' not in shown


def test_when_it_is_off_for_everybody_the_page_says_so(tmp_path):
    off = Memory(f"sqlite:///{tmp_path / 'memory.sqlite'}", remembers=False)
    assert "has switched remembering off" in memory_drawer(off, SHOP, "a")
    off.close()
