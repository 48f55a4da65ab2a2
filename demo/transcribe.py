"""Transcribe a demo's recordings, so that its first index need not: `python -m demo.transcribe`.

Knows both Whisper engines and the default speech model. The result is committed, so this is needed
only after a change of the recordings, the model or an engine; a recording that is not in the file
is transcribed while indexing.
"""

import argparse
import logging
from pathlib import Path

from demo import SHOP_DEMO, catalogue_path, demo_names, transcripts_path
from retrieval.encoders.known_transcripts import recording_digest, write_transcripts
from retrieval.encoders.speech import load_transcriber
from retrieval.encoders.speech_engines import engine_name
from retrieval.media.recordings import Recording
from retrieval.models.fetch import fetch
from retrieval.models.registry import weights_digest

SPEECH_MODEL = "whisper-base"


def main() -> None:
    """Transcribe every recording with every engine that is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default=SHOP_DEMO, choices=demo_names())
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache" / "magpie")
    parser.add_argument("--engines", nargs="+", default=["openai-whisper", "faster-whisper"])
    given = parser.parse_args()
    home = given.home
    folder = fetch(home, SPEECH_MODEL, report=lambda progress: None)
    recordings = sorted((catalogue_path(given.name).parent / "recordings").iterdir())
    made = {}
    for engine in given.engines:
        transcriber = load_transcriber(engine, folder, kept=home / "converted")
        heard = {
            recording_digest(one): transcriber.transcribe(Recording(one)) for one in recordings
        }
        made[engine_name(engine, SPEECH_MODEL)] = {weights_digest(SPEECH_MODEL): heard}
        logging.info("%s: %d recordings", engine, len(heard))
    write_transcripts(transcripts_path(given.name), made)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    main()
