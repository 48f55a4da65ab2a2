"""Link words that no field explains to a catalogue's values: "couch" → sofas.

Value linking as in questions to a database (Lei et al. 2020,
doi:10.18653/v1/2020.emnlp-main.564): the text encoder proposes the values nearest in meaning. One
that is near and clearly nearer than any other is taken; of the rest `choose_labels.py` can ask the
language model. Knows labels and the encoder; knows no message beyond the words that it is given,
and never whether they are denied.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from assistant.understanding.tokens.text import folded_words
from assistant.understanding.value_names import Link, ValueNames
from retrieval.protocols import TextEncoder, Vectors

# Cosines of MiniLM sentence vectors, set on 74 names over seven catalogues: 20 are near one kind.
# "Couch" is a sofa and "pants" are trousers (.86 both). "Duvet" and blanket (.63), "laptop" and a
# paper notebook are only near: what is near is shown as the nearest there is, not as the thing.
_SAME, _NEAR, _NEARER = 0.8, 0.58, 0.1
# Of words anywhere in a message ("i wanna play uke on the beach") more is asked.
_SURELY, _FAR = (0.64, 0.1), (0.57, 0.25)
_PERHAPS = 0.38  # what is farther than this from every label is never one
_PROPOSED = 5  # labels for some words
_MOST = 600  # labels of a catalogue that are looked through
_NAMES = frozenset({"brand"})  # values that are names mean nothing by themselves


@dataclass(frozen=True, slots=True)
class Label:
    """What a catalogue calls something: a value of a field, or the yes of a field of yes and no."""

    field: str
    value: str = ""  # "" is the field's yes
    others: tuple[str, ...] = ()  # values of the field that the same words are a part of

    @property
    def text(self) -> str:
        """Return the words of the label."""
        return self.value or self.field

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values that it stands for, () for a yes."""
        return (self.value, *self.others) if self.value else ()


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """Some words of a message, and the labels that are nearest to them in meaning."""

    words: str
    labels: tuple[Label, ...]
    likeness: tuple[float, ...]  # cosines, the largest first
    rival: float  # the cosine of what else the first label's field could be

    @property
    def key(self) -> tuple[str, ...]:
        """Return the folded words."""
        return tuple(folded_words(self.words))

    @property
    def same(self) -> bool:
        """Tell whether the words mean the first label, or are a part of what it is called."""
        part = set(self.key) <= set(folded_words(self.labels[0].value))
        return self.likely and (part or self.likeness[0] >= _SAME)

    @property
    def likely(self) -> bool:
        """Tell whether the first label is near, and clearly nearer than its rivals."""
        best = self.likeness[0]
        return any(best >= least and best - self.rival >= more for least, more in (_SURELY, _FAR))

    def link(self, label: Label, *, sure: bool) -> dict[tuple[str, ...], Link]:
        """Return the words with a label as what they stand for."""
        return {self.key: Link(label.field, label.values, soft=not sure)}


@dataclass(frozen=True)
class ValueLabels:
    """The labels of one catalogue, as vectors."""

    names: ValueNames
    encoder: TextEncoder

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Return every value and every yes that can be asked for, kinds first."""
        fields = dict.fromkeys((*self.names.kinds, *filter(self._means, self.names.facets)))
        values = [
            Label(field, value) for field in fields for value in self.names.facets.get(field, ())
        ]
        flags = [Label(field) for field in dict.fromkeys(self.names.flags.values())]
        return (*flags, *values)[:_MOST]

    def _means(self, field: str) -> bool:
        """Tell whether a field's values mean something: makers and titles are only names."""
        known = self.names.profile.fields.get(field)
        return field not in _NAMES and (known is None or known.type != "text")

    @cached_property
    def _vectors(self) -> Vectors:
        """Return each label alone, then with its field before it, (2 n, width)."""
        alone = [label.text for label in self.labels]
        full = [f"{label.field} {label.value}".strip() for label in self.labels]
        return self.encoder.encode([*alone, *full])

    def propose(self, spans: Sequence[str], taken: Collection[str] = ()) -> list[ProposedLink]:
        """Return the labels nearest to some words, the likely ones first; none of far ones.

        Fields that are `taken` are not proposed: the message speaks of them already.
        """
        rows = [row for row, label in enumerate(self.labels) if label.field not in taken]
        if not (spans and rows):
            return []
        said = self.encoder.encode(list(spans)) @ self._vectors.T
        count = len(self.labels)
        found = []
        for words, cosines in zip(spans, np.maximum(said[:, :count], said[:, count:]), strict=True):
            order = sorted(rows, key=lambda row: -cosines[row])
            parts = self._of_which_a_part(words, self.labels[order[0]])
            first = replace(self.labels[order[0]], others=parts)
            rivals = (row for row in order[1:] if self._is_rival(self.labels[row], first))
            rival = next((float(cosines[row]) for row in rivals), 0.0)
            labels = (first, *(self.labels[row] for row in order[1:_PROPOSED]))
            likeness = tuple(float(cosines[row]) for row in order[:_PROPOSED])
            found.append(ProposedLink(words, labels, likeness, rival))
        near = [one for one in found if one.likeness[0] >= _PERHAPS]
        return sorted(near, key=lambda one: (not one.likely, -one.likeness[0]))

    def _of_which_a_part(self, words: str, label: Label) -> tuple[str, ...]:
        """Return the other values that words are a part of: "windows" of "windows 11 pro"."""
        said = set(folded_words(words))
        if not said <= set(folded_words(label.value)):
            return ()
        alike = (one for one in self.labels if one.field == label.field and one != label)
        return tuple(one.value for one in alike if said <= set(folded_words(one.value)))

    def _is_rival(self, label: Label, first: Label) -> bool:
        """Tell whether words mean one label or the first: any label may be a yes instead."""
        alike = not first.value or label.field == first.field
        return alike and label.value not in first.others

    def nearest_kind(self, name: str) -> tuple[str, bool]:
        """Return the kind that a name is near to, and whether it means the same.

        "" where none is near, or two are.
        """
        for one in self._of_kinds([name] if name else []):
            best = one.likeness[0]
            if best >= _NEAR and best - one.rival >= _NEARER:
                return one.labels[0].value, best >= _SAME
        return "", False

    def surely_kind(self, names: Sequence[str]) -> tuple[str, str]:
        """Return the name among several that surely means a kind, and that kind; "" for none."""
        sure = ((one.words, one.labels[0].value) for one in self._of_kinds(names) if one.likely)
        return next(sure, ("", ""))

    def _of_kinds(self, names: Sequence[str]) -> list[ProposedLink]:
        return self.propose(names, {label.field for label in self.labels} - {*self.names.kinds[:1]})
