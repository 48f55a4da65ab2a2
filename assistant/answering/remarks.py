"""What is said beside the items: how the request was read, what was noted, what Magpie is for.

Pure. Knows what a message was understood to say; decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.answering.lead_text import named_titles
from assistant.answering.limits import limits_text
from assistant.answering.utterances import Few, Series, Utterance, utter
from assistant.understanding.acts.feedback import Feeling
from assistant.understanding.dialogue_state import Also, Ask, Change, TurnTo
from assistant.understanding.money import MoneyDoubt
from assistant.understanding.tokens.cues import read_sentence
from retrieval.constraints import satisfies
from retrieval.filter import satisfying
from retrieval.items import Catalogue, Constraint, Item

_UNSAID = "none given"
_KINDS = 6  # named where Magpie says what it has


def currencies_text(currencies: Mapping[str, int]) -> str:
    """List currencies with the number of their items: "EUR (40), USD (12)"."""
    return ", ".join(f"{code or _UNSAID} ({count:,})" for code, count in currencies.items())


def read_in_currency(
    doubts: Sequence[MoneyDoubt], currencies: Mapping[str, int]
) -> Iterator[Utterance]:
    """Say in which currency amounts were read, nothing where they say it themselves."""
    here = currencies_text(currencies)
    for one in doubts:
        if one.currency:
            yield utter("money.read_in", currencies=here, said=one.said, other=one.currency)
        else:
            yield utter("money.read_in_each", currencies=here, said=one.said)


def sorted_apart(currencies: Mapping[str, int]) -> Utterance:
    """Say that an order by price never mixes currencies."""
    first = next(iter(currencies)) or _UNSAID
    return utter("money.sorted_apart", currencies=currencies_text(currencies), other=first)


def other_currency(said: str, currency: str) -> Utterance:
    """Warn that an amount in another currency was compared as it stands."""
    return utter("money.other", currency=currency, said=said)


def only_wished(wishes: Sequence[Constraint], shown: Sequence[Item]) -> Iterator[Utterance]:
    """Say that something was taken as a wish, and how many of the shown items meet it."""
    for said in dict.fromkeys(one.said for one in wishes):
        same = [one for one in wishes if one.said == said]
        met = sum(all(satisfies(item, one) for one in same) for item in shown)
        key = f"wish.{'unmet' if not met else 'met_all' if met == len(shown) else 'met'}"
        yield utter(key, said=said, count=Few(met), shown=Few(len(shown)))


def left_open(said: Sequence[str]) -> Iterator[Utterance]:
    """Say that it is unclear whether something is wanted."""
    if said:
        yield utter("wish.unclear", said=Series(tuple(dict.fromkeys(said)), "quoted"))


def taken_for(said: str, kind: str) -> Utterance:
    """Say that a thing was found under another name."""
    return utter("wish.taken_for", said=said, kind=kind)


def gone(items: Sequence[Item]) -> tuple[Utterance, ...]:
    """Say that items which were shown are no longer in the catalogue."""
    return tuple(utter("memory.gone", title=item.title) for item in items)


def noted(feeling: Feeling, items: Sequence[Item], *, remembers: bool) -> Utterance:
    """Say what was kept of an opinion about shown items, or ask which is meant."""
    if not items:
        return utter(f"memory.which_{feeling}")
    named = named_titles([item.title for item in items])
    return utter(f"memory.noted_{feeling}" if remembers else "memory.off", titles=named)


def left_out(titles: Sequence[str]) -> Utterance:
    """Say which items would have been shown if the user liked them."""
    return utter("memory.left_out", titles=Series(tuple(titles)))


def help_text(catalogue: Catalogue) -> Utterance:
    """Say what can be asked, from what this catalogue holds."""
    kinds = tuple(list(catalogue.values.get("category", {}))[:_KINDS])
    count = len(catalogue.items)
    return utter(f"aside.help{'_kinds' if kinds else ''}", total=count, kinds=Series(kinds))


def courtesy_text(message: str) -> Utterance | None:
    """Answer a greeting, a farewell or thanks; None for anything else."""
    sentence = read_sentence(message)
    if sentence.has("talk farewell"):
        return utter("aside.farewell")
    if sentence.has("talk thanks"):
        return utter("aside.thanks")
    return utter("aside.greeting") if sentence.has("talk greeting") else None


def lead_back(changes: Iterable[Change], catalogue: Catalogue) -> Iterator[Utterance]:
    """Offer to show what a message speaks of, with its count, or ask what to look for."""
    named = [one.constraint for one in changes if isinstance(one, Ask | Also | TurnTo)]
    count = len(satisfying(catalogue, named)) if named else 0
    if count:
        yield utter("aside.shall_i", count=count, limits=limits_text(named, catalogue.currency))
    else:
        yield utter("aside.what_else")


def out_of_scope(catalogue: Catalogue) -> Utterance:
    """Say what Magpie does, and therefore what it does not."""
    return utter("aside.out_of_scope", total=len(catalogue.items))


def nothing_to_compare(shown: Sequence[Item]) -> Utterance:
    """Say that fewer than two items are on screen."""
    if shown:
        return utter("compare.only_one", title=shown[0].title)
    return utter("compare.none")
