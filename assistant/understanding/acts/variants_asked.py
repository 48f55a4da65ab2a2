"""A question about one form of what is shown: "is 38 in stock?", "how much is it in red?".

Knows the variants of the items on screen; answers nothing. What such a question names is an option
of theirs, and neither a count ("38 in stock") nor a limit on what is sought.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.understanding.acts.intents import asks_about
from assistant.understanding.acts.references import references
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.text import Token, folded_words
from retrieval.constraints import as_it_fits, fitting_variants
from retrieval.items import Constraint, Item, normal

_MOST = 3  # items that one question can be about
_LONGEST = 3  # words of an option's value
_PRICED = frozenset({"price", "cost", "much"})


def variants_asked(message: str, shown: Sequence[Item]) -> tuple[Item, ...]:
    """Return the shown items of which one form is asked about, () where the message asks for none.

    A question about one form asks for its stock or its price.
    """
    sentence = read_sentence(message)
    if not (shown and _asks_of_form(sentence)):
        return ()
    pointed = [one.item for one in references(sentence, shown)]
    among = [item for item in pointed or shown if item.variants]
    named = [item for item in among if options_named(message, item)]
    if not named and _names_other_number(sentence):
        named = [item for item in among if any(_numbered(item))]
    return tuple(named) if 0 < len(named) <= (_MOST if pointed else 1) else ()


def options_named(message: str, item: Item) -> tuple[Constraint, ...]:
    """Return the options of an item's variants that a message names, as what they must be."""
    tokens = [t for t in read_sentence(message).tokens if t.kind != "mark"]
    options: dict[str, dict[str, str]] = {}
    for variant in item.variants:
        for name, value in variant.options.items():
            options.setdefault(name, {})[normal(value)] = value
    found = (_named(name, values, tokens, message) for name, values in options.items())
    return tuple(one for one in found if one is not None)


def _named(
    name: str, values: Mapping[str, str], tokens: Sequence[Token], message: str
) -> Constraint | None:
    """Return the option's value that stands in a message, the longest first."""
    for size in range(_LONGEST, 0, -1):
        for at in range(len(tokens) - size + 1):
            run = tokens[at : at + size]
            said = message[run[0].span[0] : run[-1].span[1]]
            value = values.get(normal(said))
            letter = len(said) == 1 and said.isalpha() and not said.isupper()
            if value is not None and not letter:
                return Constraint(name, "=", value, said)
    return None


def _asks_of_form(sentence: Sentence) -> bool:
    """Tell whether a message asks for stock or a price."""
    words = {token.text for token in sentence.tokens}
    asks = asks_about(sentence) or "?" in sentence.message
    return asks and (sentence.has("words stock") or not words.isdisjoint(_PRICED))


def _names_other_number(sentence: Sentence) -> bool:
    """Tell whether a number stands right before "in stock" and after "is": "is 45 in stock?"."""
    tokens = sentence.tokens
    return any(
        token.kind == "number" and tokens[at - 1].text in ("is", "size") and at > 0
        for at, token in enumerate(tokens)
    )


def _numbered(item: Item) -> Iterator[str]:
    """Yield the options of an item that are numbers."""
    for variant in item.variants:
        yield from (one for one in variant.options.values() if folded_words(one)[:1] == [one])


def asked_of_form(message: str) -> tuple[str, ...]:
    """Return what a question about one form asks for: its stock, its price."""
    sentence = read_sentence(message)
    priced = not {token.text for token in sentence.tokens}.isdisjoint(_PRICED)
    return ("price",) if priced else ("stock",) if sentence.has("words stock") else ()


def as_named(item: Item, named: Sequence[Constraint]) -> Item:
    """Return an item as its named form is sold: price, stock and options are that form's.

    An item that has no such form stays as it is.
    """
    fitting = fitting_variants(item, named)
    if not (named and fitting):
        return item
    sold = as_it_fits(item, named)
    options = {one.field: str(one.value) for one in named}
    title = f"{item.title} ({', '.join(options.values())})"
    return replace(sold, title=title, attributes={**sold.attributes, **options})
