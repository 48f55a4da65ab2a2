"""The demos of people and news: complete, always the same, small, and nobody real."""

import csv
from collections import Counter

import pytest

from demo import SHOP_DEMO, catalogue_path, demo_files, demo_names, transcripts_path
from demo.make import save_picture
from demo.news.make import articles, spoken_rows
from demo.people.make import drawn_look, people_rows
from demo.people.profiles import friendships, personas, read_words
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.domains.admission import Admission
from retrieval.domains.links import links_file, read_links
from retrieval.encoders.known_transcripts import read_transcripts, recording_digest
from retrieval.encoders.speech_engines import engine_name
from retrieval.models.registry import weights_digest

OTHERS = sorted(set(demo_names()) - {SHOP_DEMO})
PEOPLE, NEWS = catalogue_path("people"), catalogue_path("news")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", OTHERS)
def test_every_recording_has_its_transcript_and_nothing_else_has(name):
    recordings = sorted((catalogue_path(name).parent / "recordings").iterdir())
    for engine in ("openai-whisper", "faster-whisper"):
        known = read_transcripts(
            transcripts_path(name),
            engine_name(engine, "whisper-base"),
            weights_digest("whisper-base"),
        )
        assert set(known) == set(map(recording_digest, recordings))


@pytest.mark.parametrize("name", OTHERS)
def test_a_demo_is_read_without_a_problem_and_is_small(name):
    found = list(read_catalogue(catalogue_path(name)))
    rows = [one for one in found if isinstance(one, Row)]
    assert len(rows) == len(rows_of(catalogue_path(name)))
    assert len(found) == len(rows) + 1  # how it was read
    assert all(picture.exists() for row in rows for picture in row.item.pictures)
    assert sum(path.stat().st_size for path in demo_files(name)) < 2_500_000


def test_the_people_are_those_of_the_model():
    people = personas()
    written = [tuple(row.values()) for row in rows_of(PEOPLE)]
    assert written == people_rows(people)
    links = {tuple(row.values()) for row in rows_of(links_file(PEOPLE))}
    assert links == set(friendships(people))


def test_there_are_enough_people_with_a_picture_and_a_voice_and_some_refuse():
    people = personas()
    listed = [one for one in people if one.listed]
    assert len(listed) >= 120
    assert len(people) - len(listed) == read_words("people")["refuse"]
    assert len({one.title for one in people}) == len(people)
    assert sum(bool(one.private) for one in listed) >= 15
    assert all(row["pictures"] and row["recordings"] for row in rows_of(PEOPLE))


def test_what_is_private_is_not_said_aloud():
    for one in personas():
        said = one.spoken.casefold()
        assert one.place.casefold() not in said
        assert not any(language.casefold() in said for language in one.languages)


def test_who_refuses_is_not_read_and_neither_are_their_links():
    admission = Admission()
    found = admission.admitted(PEOPLE, read_catalogue(PEOPLE))
    items = {row.item.id: row.item for row in found if isinstance(row, Row)}
    refusing = {one.id for one in personas() if not one.listed}
    assert admission.domain.name == "people"
    assert admission.refused == len(refusing)
    assert refusing.isdisjoint(items)
    links = read_links(PEOPLE, set(items) - admission.unlinked)
    assert refusing.isdisjoint(links)
    assert admission.unlinked.isdisjoint(links)
    for item in items.values():
        assert not {"gender", "religion", "listed", "private"} & set(item.attributes)


@pytest.mark.parametrize("place", [0, 70])
def test_a_picture_of_a_person_is_drawn_again_the_same(tmp_path, place):
    one = personas()[place]
    save_picture(drawn_look(one), tmp_path / "x.webp", size=224)
    assert (tmp_path / "x.webp").read_bytes() == (
        PEOPLE.parent / "pictures" / f"{one.id}.webp"
    ).read_bytes()


def test_the_articles_are_those_of_the_texts_over_thirty_days():
    written = list(articles(NEWS.parent))
    rows = rows_of(NEWS)
    assert [(one.title, one.text) for one in written] == [
        (r["title"], r["description"]) for r in rows
    ]
    assert len(written) >= 150
    assert {one.day for one in written} == set(range(1, 31))
    assert min(Counter(one.topic for one in written).values()) >= 8
    spoken = [row for row in rows if row["recordings"]]
    assert len(spoken) == len(spoken_rows(NEWS.parent)) >= 20


def test_no_sentence_is_a_template():
    sentences = Counter(s for one in articles(NEWS.parent) for s in one.text.split(". "))
    assert max(sentences.values()) == 1
