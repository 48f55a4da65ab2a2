"""The plan of the house, held against the code: order of the folders, doors, names, the map."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")

# A file imports only what stands above its own folder, or above itself in its folder's list.
ORDER = """
    retrieval.errors retrieval.english retrieval.currencies retrieval.units retrieval.quantity_columns
    retrieval.field_profile retrieval.codes retrieval.domain retrieval.items retrieval.constraints
    retrieval.filter retrieval.protocols retrieval.files retrieval.catalogue.formats
    retrieval.catalogue.web retrieval.catalogue retrieval.domains retrieval.media retrieval.models
    retrieval.encoders retrieval.fusion retrieval.embed retrieval.recommendation retrieval.index
    retrieval.scale retrieval.photo_attributes retrieval.domain_ranking retrieval.search
    retrieval.training retrieval.training.pictures retrieval.training.fusion
    retrieval.evaluation retrieval.evaluation.products retrieval.evaluation.speech
    retrieval.evaluation.ratings
    assistant.settings assistant.model assistant.model.served assistant.stance
    assistant.understanding.tokens
    assistant.understanding.languages assistant.understanding.acts assistant.understanding
    assistant.hearing assistant.linking assistant.recommending
    assistant.answering assistant.events assistant.memory.versions
    assistant.memory assistant.turn assistant.agent
    assistant.living_agent assistant.page.markup assistant.page.panels assistant.page
    assistant.api assistant.api.ucp assistant.api.chat
    assistant.api.server assistant.models assistant.build assistant.handed_over assistant.adding assistant.neighbours
    assistant.beginning assistant.evaluation assistant.commands
""".split()

# Each heavy library, and the files that may import it.
DOORS = {
    "alembic": "assistant.memory.schema assistant.memory.env assistant.memory.versions",
    "av": "retrieval.media.recordings",
    "babel": "assistant.answering.render assistant.page.markup.wording",
    "bitsandbytes": "assistant.model.nf4_prefill assistant.model.quantise",
    "bm25s": "retrieval.index.bm25",
    "charset_normalizer": "retrieval.catalogue.formats.encoding",
    "chromadb": "retrieval.index.chroma",
    "fastapi": (
        "assistant.api.server.application assistant.api.server.catalogue_api "
        "assistant.api.server.chat_api assistant.api.server.watching"
    ),
    "faster_whisper": "retrieval.encoders.speech_engines",
    "gguf": "assistant.model.gguf_weights",
    "gradio": (
        "assistant.page.page assistant.page.page_events assistant.page.panel_wiring "
        "assistant.page.wiring assistant.page.preparing assistant.page.theme"
    ),
    "httpcore": "retrieval.catalogue.web.connections",
    "httpx": "assistant.model.served.model_server retrieval.index.chroma",
    "implicit": "retrieval.evaluation.ratings.bpr",
    "mcp": (
        "assistant.api.server.application assistant.api.server.mcp_tools "
        "assistant.api.server.ucp_tools"
    ),
    "matplotlib": "retrieval.evaluation.plots retrieval.training.curves",
    "open_clip": "retrieval.encoders.picture retrieval.training.pictures",
    "openpyxl": "retrieval.catalogue.formats.workbook",
    "prometheus_client": "assistant.api.turn_metrics",
    "ray": "retrieval.scale.ray_encoding",
    "rich": "assistant.commands.terminal",
    "selectolax": "retrieval.catalogue.formats.markup",
    "sentence_transformers": "retrieval.encoders.text",
    "silero_vad": "retrieval.encoders.speech",
    "sklearn": "retrieval.evaluation.probe",
    "sqlalchemy": "assistant.memory retrieval.catalogue.formats.database",
    "tenacity": "assistant.model.served.model_server",
    "torchmetrics": "retrieval.evaluation.metrics",
    "transformers": "retrieval.encoders.picture retrieval.training.pictures assistant.model",
    "typer": "assistant.commands",
    "uvicorn": "assistant.api.server.api_server",
    "whisper": "retrieval.encoders.speech_engines retrieval.encoders.whisper_weights",
}


# Names that a library looks for in each file: a command, a step of the database.
THE_SAME = {"main", "revision", "down_revision", "upgrade"}


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def python_files(*folders):
    return [p for folder in folders for p in sorted((ROOT / folder).rglob("*.py"))]


SOURCES = [p for p in python_files("retrieval", "assistant") if p.name != "__init__.py"]
MODULES = {dotted(path): path for path in SOURCES}
FOLDERS = sorted({path.parent for path in SOURCES})


@cache
def imports(path, *, types=False):
    """Return what a file imports; what only types need counts on wish."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not types:
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def place(module):
    """Return where a module's folder, or a front file itself, stands in the order."""
    return ORDER.index(module if module in ORDER else module.rpartition(".")[0])


def docstring(folder):
    return ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))


def listed(folder):
    """Return the files that a folder's docstring lists, in order."""
    return re.findall(r"^    (\w+)  +\S", docstring(folder), re.MULTILINE)


def offered(folder):
    """Return what a folder lets others import: the files of its `__all__`."""
    for node in ast.parse((folder / "__init__.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return set(ast.literal_eval(node.value))
    return set(listed(folder))


@pytest.mark.parametrize("folder", FOLDERS, ids=dotted)
def test_a_folder_says_what_it_knows_and_lists_its_files(folder):
    assert sorted(listed(folder)) == sorted(p.stem for p in folder.glob("*.py") if p in SOURCES)
    assert offered(folder) <= set(listed(folder))
    assert len(docstring(folder).partition("\n\n")[0].splitlines()) == 1
    assert len(listed(folder)) <= 18


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_up(module):
    path, mine = MODULES[module], place(module)
    siblings = listed(path.parent)
    for other in imports(path) & MODULES.keys():
        if place(other) == mine:
            assert siblings.index(MODULES[other].stem) < siblings.index(path.stem), other
        else:
            assert place(other) < mine, other


@pytest.mark.parametrize("folder", FOLDERS, ids=dotted)
def test_nobody_reaches_past_what_a_folder_offers(folder):
    hidden = {f"{dotted(folder)}.{name}" for name in set(listed(folder)) - offered(folder)}
    for path in [*python_files("assistant", "retrieval", "benchmarks", "demo"), ROOT / "app.py"]:
        assert path.parent == folder or not hidden & imports(path, types=True), path


@pytest.mark.parametrize("module", MODULES)
def test_a_heavy_library_has_one_door(module):
    roots = {name.split(".")[0] for name in imports(MODULES[module])}
    for library in roots & DOORS.keys():
        doors = DOORS[library].split()
        assert any(module == door or module.startswith(f"{door}.") for door in doors), library


def test_the_order_names_every_folder_and_front_file_once():
    front = {module for module in MODULES if module.count(".") == 1}
    assert sorted(ORDER) == sorted({*front, *map(dotted, FOLDERS)} - {"retrieval", "assistant"})


def test_the_readme_maps_every_folder_and_front_file():
    mapped = re.findall(r"^((?:retrieval|assistant)/[\w/]+(?:\.py|/))\s", README, re.MULTILINE)
    places = [name.removesuffix(".py").rstrip("/").replace("/", ".") for name in mapped]
    assert sorted(places) == sorted(ORDER)


def test_no_file_is_longer_than_three_hundred_lines():
    files = python_files("assistant", "retrieval", "benchmarks", "demo", "tests")
    lengths = {dotted(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert not {name: lines for name, lines in lengths.items() if lines > 300}


def public_names(path):
    """Yield the public names that a file defines at its top: functions, classes, constants."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        yield from (one.id for one in targets if isinstance(one, ast.Name))


def test_a_public_name_means_one_thing_in_the_whole_project():
    homes = {}
    for path in python_files("assistant", "retrieval", "benchmarks", "demo"):
        for name in public_names(path):
            if not name.startswith("_") and name not in THE_SAME:
                homes.setdefault(name, []).append(dotted(path))
    assert not {name: several for name, several in homes.items() if len(several) > 1}


def test_no_test_file_imports_from_another():
    for path in python_files("tests"):
        assert not {name for name in imports(path) if re.match(r"tests\.(\w+\.)*test_", name)}, path


def test_retrieval_has_never_heard_of_the_assistant():
    for path in python_files("retrieval"):
        assert not {name.split(".")[0] for name in imports(path)} & {"assistant", "prompts"}, path


def test_importing_the_packages_and_the_command_line_loads_no_heavy_library():
    code = (
        "import sys, retrieval, assistant, assistant.commands.main, app; "
        "heavy = {'torch', 'transformers', 'gradio', 'chromadb', 'open_clip', 'numpy', 'av', 'fastapi', 'mcp', 'uvicorn'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["items", "constraints", "filter", "protocols", "fusion.slerp"])
def test_what_is_pure_decodes_nothing(module):
    code = f"import sys, retrieval.{module}; print('av' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_the_readme_commands_are_the_ones_that_are_promised():
    assert "pip install -e . -c constraints.txt && python app.py" in README
    assert "pip install -e '.[test]' -c constraints.txt && pytest" in README
