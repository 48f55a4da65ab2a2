"""Make the names of things in each language from Shopify's product taxonomy.

    python -m benchmarks.taxonomy_names DIST

DIST is the folder `dist` of a release of github.com/Shopify/product-taxonomy (MIT): for each
language `categories.txt`, `attributes.txt` and `attribute_values.txt`, whose lines have the same
ids. Writes `assistant/understanding/languages/names/taxonomy-….tsv.gz`: an English name a line, and
what it is called. Left out are numbers, lists ("A & B"), names of many words, what steers a message
("ohne Ärmel" denies), and what the lexicon or `products.tsv` says already.
"""

import argparse
import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.understanding.languages.lexicon import PIVOT, Lexicon, lexicons
from assistant.understanding.languages.names import NAMES_FOLDER, written_names
from assistant.understanding.tokens.text import folded_words, says_something

_FILES = ("categories", "attribute_values", "attributes")
_LINE = re.compile(r"(gid://\S+)\s*: (.*)")
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
_MOST_WORDS, _MOST_CHARACTERS = 4, 10  # the latter of a script without spaces
_REGIONS = {"zh": "zh-CN"}


def main() -> int:
    """Write the names of every language that has a lexicon."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for lexicon in lexicons():
        table: dict[str, dict[str, None]] = {}
        told = set(_told(lexicon))
        for english_name, name in plain_pairs(folder, lexicon):
            if (name, tuple(folded_words(english_name))) not in told:
                table.setdefault(english_name, {})[name] = None
        lines = "".join(f"{one}\t{'|'.join(names)}\n" for one, names in sorted(table.items()))
        place = NAMES_FOLDER / f"taxonomy-{lexicon.language}.tsv.gz"
        place.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
        print(f"{place.name}: {len(table):,} names, {place.stat().st_size / 1000:.0f} kB")
    return 0


def plain_pairs(folder: Path, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield English names with what they are called, as far as both are plain."""
    english = dict(_named(folder / PIVOT))
    for id_, name in _named(folder / _REGIONS.get(lexicon.language, lexicon.language)):
        original = english.get(id_, "")
        says = _is_plain(original) and any(map(says_something, folded_words(original)))
        if name != original and says and _is_plain(name) and _names_a_thing(name, lexicon):
            yield original, name


def _named(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield ids with their names in lower case: of a path its last part, of a value no field."""
    for file in _FILES:
        for line in (folder / f"{file}.txt").read_text("utf-8").splitlines():
            if match := _LINE.fullmatch(line.strip()):
                name = match[2].rpartition(" > ")[2]
                if file == "attribute_values":
                    name = name.rpartition(" [")[0]
                yield match[1], name.lower().replace("’", "'").strip()


def _is_plain(name: str) -> bool:
    """Tell whether a name is of few words, all of letters, and no single letter."""
    return bool(_PLAIN.fullmatch(name)) and len(name) > 1 and len(name.split()) <= _MOST_WORDS


def _names_a_thing(name: str, lexicon: Lexicon) -> bool:
    """Tell whether a name neither begins nor ends with a word that steers a message."""
    words = [token.text for token in lexicon.tokens(name)]
    if lexicon.script:
        denies = any(lexicon.steering.find(words[:size]) for size in (1, 2) if size <= len(words))
        return 1 < len(words) <= _MOST_CHARACTERS and not denies
    return not any(lexicon.steering.find([word]) for word in (words[0], words[-1]))


def _told(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the names that people have written, with the folded words of their English."""
    for name, meanings in (*lexicon.things.items(), *written_names(lexicon.language)):
        for one in meanings:
            yield name, tuple(folded_words(one))


if __name__ == "__main__":
    sys.exit(main())
