"""The catalogues that are open on the page: each with what answers in it and its conversations.

Knows which one a visitor is in: the one that the page's address names, else the one it began with.
Opens others on request, by a function that is given, and keeps them open. Knows no Gradio.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.page.examples import Example, starting_points
from assistant.page.markup.troubles import RefusedError
from assistant.page.markup.wording import page_languages
from assistant.page.session import PageAgent
from assistant.page.turns import Turns
from retrieval.items import Item

CATALOGUE_PLACE = "catalogue"  # of the name in the page's address

OpenCatalogue = Callable[[str], PageAgent]  # a catalogue's name → what answers in it; MagpieError


@dataclass(frozen=True)
class OpenShop:
    """One catalogue on the page."""

    agent: PageAgent
    turns: Turns
    examples: Mapping[str, Sequence[Example]]  # by language

    @property
    def name(self) -> str:
        """The name of its catalogue."""
        return self.agent.catalogue.name


class OpenShops:
    """The catalogues that are open, the one that the page began with first."""

    def __init__(self, agent: PageAgent, open_agent: OpenCatalogue | None = None) -> None:
        """Begin with one; without `open_agent` it stays alone."""
        self.first = _opened(agent)
        self._open_agent, self._opening = open_agent, threading.Lock()
        self._others: dict[str, OpenShop] = {}

    @property
    def can_open(self) -> bool:
        """Whether others can be opened."""
        return self._open_agent is not None

    def there(self, name: str) -> OpenShop | None:
        """Return what is open under a name, "" being the first; waits for nothing."""
        return self.first if name in ("", self.first.name) else self._others.get(name)

    def open(self, name: str) -> OpenShop:
        """Return a catalogue, and open it where it is not open yet.

        Raises: MagpieError when it cannot be opened.
        """
        if (shop := self.there(name)) is not None:
            return shop
        with self._opening:  # whoever comes meanwhile finds it open
            if (shop := self.there(name)) is not None:
                return shop
            if self._open_agent is None:
                raise RefusedError("not_open", name=name)
            shop = self._others[name] = _opened(self._open_agent(name))
            return shop

    def item(self, name: str, id_: str) -> Item | None:
        """Return an item of a catalogue that is open."""
        shop = self.there(name)
        return shop.agent.catalogue.items.get(id_) if shop else None

    def forget_all(self, user: str) -> None:
        """Let go of every conversation of a user, in all of them."""
        for shop in self._all():
            shop.turns.forget_all(user)

    def close(self) -> None:
        """Stop every turn, in all of them."""
        for shop in self._all():
            shop.turns.close()

    def _all(self) -> list[OpenShop]:
        return [self.first, *self._others.values()]


def _opened(agent: PageAgent) -> OpenShop:
    examples = {one: starting_points(agent.catalogue, one) for one in page_languages()}
    return OpenShop(agent, Turns(agent), examples)
