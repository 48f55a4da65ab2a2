"""What the README says of the files is true of the files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
ROOMS = ("retrieval", "assistant")
LINE = re.compile(r"^((?:retrieval|assistant)/\S+\.py)\s+(◆ )?(.+)$", re.MULTILINE)
MAP = {match[1]: match for match in LINE.finditer(README)}
ORDER = list(MAP)

# Each heavy library, and the files that may import it.
DOORS = {
    "sentence_transformers": {"retrieval/encoders/text.py"},
    "open_clip": {"retrieval/encoders/picture.py"},
    "av": {"retrieval/media/recordings.py"},
    "whisper": {"retrieval/encoders/speech.py", "retrieval/encoders/whisper_weights.py"},
    "faster_whisper": {"retrieval/encoders/speech.py"},
    "silero_vad": {"retrieval/encoders/speech.py"},
    "bm25s": {"retrieval/index/bm25.py"},
    "chromadb": {"retrieval/index/chroma.py"},
    "matplotlib": {"retrieval/evaluation/plots.py"},
    "sklearn": {"retrieval/evaluation/probe.py"},
    "torchmetrics": {"retrieval/evaluation/metrics.py"},
    "implicit": {"retrieval/evaluation/ratings/bpr.py"},
    "xgrammar": {"assistant/model/grammar.py"},
    "bitsandbytes": {
        "assistant/model/nf4_prefill.py",
        "assistant/model/int8_linear.py",
        "assistant/model/quantise.py",
    },
    "transformers": {
        "retrieval/encoders/picture.py",
        "assistant/model/quantise.py",
        "assistant/model/model_store.py",
        "assistant/model/quantised_model.py",
    },
    "sqlalchemy": {"assistant/memory/store.py", "assistant/memory/tables.py"},
    "gradio": {"assistant/page/page.py"},
    "typer": {
        "assistant/commands/main.py",
        "assistant/commands/options.py",
        "assistant/commands/evaluate.py",
        "assistant/commands/taste.py",
        "assistant/commands/train.py",
    },
    "rich": {"assistant/commands/terminal.py"},
}


def sources():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if path.name != "__init__.py" and not name.startswith("retrieval/training/"):
                yield name


def imports(name):
    """Return the modules a file imports when it runs; what only types need does not count."""
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_map_names_every_file_once():
    assert sorted(ORDER) == sorted(sources())
    assert len(LINE.findall(README)) == len(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_point_up_the_map(name):
    below = {other.removesuffix(".py").replace("/", ".") for other in ORDER[ORDER.index(name) :]}
    assert not below & set(imports(name))


@pytest.mark.parametrize("name", ORDER)
def test_a_heavy_library_has_one_door(name):
    roots = {module.split(".")[0] for module in imports(name)}
    behind = {library for library, files in DOORS.items() if name not in files}
    assert not roots & behind


def test_doors_are_marked():
    marked = {name for name, match in MAP.items() if match[2]}
    assert {name for files in DOORS.values() for name in files} - marked <= {
        "retrieval/encoders/whisper_weights.py",
        "assistant/model/model_store.py",
    }


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
    for folder in (*ROOMS, "demo", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in public_names(path):
                if not name.startswith("_") and name != "main":
                    homes.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert not {name: several for name, several in homes.items() if len(several) > 1}


def test_retrieval_has_never_heard_of_the_assistant():
    for path in (ROOT / "retrieval").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        assert not {m for m in imports(name) if m.split(".")[0] in ("assistant", "prompts")}, name


def test_importing_the_packages_and_the_command_line_loads_no_heavy_library():
    code = (
        "import sys, retrieval, assistant, assistant.commands.main, app; "
        "heavy = {'torch', 'transformers', 'gradio', 'chromadb', 'open_clip', 'numpy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_readme_commands_are_the_ones_that_are_promised():
    assert "pip install -e . -c constraints.txt && python app.py" in README
    assert "pip install -e '.[test]' -c constraints.txt && pytest" in README
