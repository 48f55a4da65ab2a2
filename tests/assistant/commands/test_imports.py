"""What a command loads: no more than its request needs, or its start takes seconds longer."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.models

# Each takes between .5 and 4 s to be imported.
HEAVY = {
    "bitsandbytes", "faster_whisper", "gradio", "open_clip", "sentence_transformers", "silero_vad",
    "sklearn", "torch._dynamo", "torchvision", "transformers", "whisper",
}  # fmt: skip
RUN = """
import sys
from assistant.commands.main import main
sys.argv[0] = "magpie"
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
sys.stderr.write("\\n" + str(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    "command",
    [["search", "a drum"], ["ask", "a red scarf under 40 dollars"]],
    ids=["search", "ask"],
)
def test_words_need_neither_picture_nor_speech_nor_language_model(home, agent, command):
    """By now the agent has quantised the language model, which its first use takes all else for."""
    settings = {"MAGPIE_HOME": str(home), "MAGPIE_RERANK": "false"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command, "--json"],
        capture_output=True, text=True, check=True, env=os.environ | settings,
    )  # fmt: skip
    assert json.loads(done.stdout)["items"]
    loaded = set(eval(done.stderr.strip().splitlines()[-1]))
    assert "torch" in loaded
    assert not HEAVY & loaded
