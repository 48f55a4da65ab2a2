"""Recordings in, words out: foreign files, silence and noise, and both engines on real weights."""

import subprocess
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from retrieval.encoders.speech import WhisperTranscriber, believable, load_transcriber
from retrieval.encoders.speech_engines import Segment
from retrieval.encoders.whisper_weights import convert, read_variables
from retrieval.errors import (
    ModelCorruptError,
    ModelMissingError,
    RecordingError,
    SettingsError,
)
from retrieval.media.recordings import RATE, Recording, read_recording
from retrieval.models.fetch import fetch
from tests.fake_listener import Listener
from tests.media_files import save_wave

CLEAR = Segment("A warm scarf.", no_speech=0.02, confidence=-0.3, repetition=1.1)


def tone(seconds, rate=RATE):
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


def encode(path, codec, rate):
    """Write a second of a tone with PyAV, as browsers, telephones and studios do."""
    sound = (tone(1, rate) * 32767).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(sound, format="s16", layout="mono")
        frame.rate = rate
        resampler = av.AudioResampler(
            format=stream.format, layout="mono", rate=rate, frame_size=960
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


# ---- files --------------------------------------------------------------------------------------


def test_a_wav_file_keeps_its_samples(tmp_path):
    sound = read_recording(save_wave(tone(0.5), tmp_path / "a.wav"), longest=10)
    assert sound.dtype == np.float32
    assert sound == pytest.approx(tone(0.5), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("browser.webm", "libopus", 48_000),
        ("phone.m4a", "aac", 44_100),
        ("old.mp3", "libmp3lame", 22_050),
        ("free.ogg", "libopus", 24_000),
        ("studio.flac", "flac", 96_000),
    ],
)
def test_every_usual_format_becomes_mono_16_khz(tmp_path, name, codec, rate):
    sound = read_recording(encode(tmp_path / name, codec, rate), longest=10)
    assert len(sound) == pytest.approx(RATE, rel=0.12)  # codecs pad
    middle = sound[4000:12000]
    crossings = sum((a < 0) != (b < 0) for a, b in pairwise(middle))
    assert crossings == pytest.approx(440, abs=6)  # 440 Hz for half a second, two a period


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.wav", b"", "is empty"),
        ("letter.wav", b"Dear Magpie,\n" * 99, "not a recording"),
        ("noise.mp3", bytes(range(256)) * 40, "letter|recording|sound"),
        ("head.webm", b"\x1aE\xdf\xa3" + b"\0" * 200, "not a recording"),
    ],
)
def test_what_is_no_recording_is_told(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=said) as caught:
        read_recording(tmp_path / name, longest=10)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(RecordingError, match="cannot be opened: No such file"):
        read_recording(tmp_path / "none.wav", longest=10)


def test_a_picture_without_sound_is_told(tmp_path):
    from PIL import Image

    Image.new("RGB", (32, 32), "red").save(tmp_path / "a.gif")
    with pytest.raises(RecordingError):
        read_recording(tmp_path / "a.gif", longest=10)


def test_a_playlist_cannot_make_us_open_another_file(tmp_path):
    secret = save_wave(tone(1), tmp_path / "secret.wav")
    playlist = (
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + secret.as_uri() + "\n#EXT-X-ENDLIST\n"
    )
    for name in ("list.m3u8", "list.wav", "list.mp3"):
        (tmp_path / name).write_text(playlist)
        with pytest.raises(RecordingError):
            read_recording(tmp_path / name, longest=10)
    (tmp_path / "concat.txt").write_text(f"ffconcat version 1.0\nfile {secret}\n")
    with pytest.raises(RecordingError):
        read_recording(tmp_path / "concat.txt", longest=10)


def test_too_long_a_recording_is_refused_by_its_header(tmp_path):
    long = save_wave(np.zeros(3600 * 200), tmp_path / "hour.wav", rate=200)
    with pytest.raises(RecordingError, match=r"hour.wav is 60 min 0 s long.*limit is 10 min 0 s"):
        read_recording(long, longest=600)


def test_too_long_a_recording_is_refused_while_it_is_decoded(tmp_path):
    long = save_wave(tone(8), tmp_path / "liar.wav")
    content = bytearray(long.read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"  # a length that was never filled in
    long.write_bytes(content)
    with pytest.raises(RecordingError, match=r"liar.wav is \d.* the limit is 2 s"):
        read_recording(long, longest=2)


def test_a_truncated_recording_is_read_as_far_as_it_goes(tmp_path):
    whole = encode(tmp_path / "a.webm", "libopus", 48_000).read_bytes()
    (tmp_path / "b.webm").write_bytes(whole[: len(whole) * 2 // 3])
    sound = read_recording(tmp_path / "b.webm", longest=10)
    assert 0.4 * RATE < len(sound) < 0.9 * RATE


# ---- silence, noise, doubt ----------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.0, 0.003, 0.3])
def test_silence_and_noise_never_reach_whisper(tmp_path, level):
    noise = np.random.default_rng(0).normal(0, level, 4 * RATE)
    engine = Listener(CLEAR)
    transcript = WhisperTranscriber(engine).transcribe(
        Recording(save_wave(noise, tmp_path / "noise.wav"))
    )
    assert (transcript.words, transcript.language) == ("", "")
    assert transcript.notice == "I could hear no speech in this recording."
    assert transcript.seconds == pytest.approx(4)
    assert engine.seconds == []


def test_a_tone_and_a_click_are_no_speech(tmp_path):
    sound = np.concatenate([tone(1), np.zeros(RATE), np.ones(20), np.zeros(RATE)])
    engine = Listener(CLEAR)
    assert (
        not WhisperTranscriber(engine)
        .transcribe(Recording(save_wave(sound, tmp_path / "a.wav")))
        .words
    )
    assert engine.seconds == []


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (CLEAR, True),
        (Segment("Thank you.", 0.9, -1.2, 0.9), False),  # silent, and doubted
        (Segment("Yes.", 0.9, -0.2, 0.9), True),  # silent, yet sure of its words
        (Segment("Mumble.", 0.1, -1.3, 0.9), True),
        (Segment("Glorp.", 0.1, -1.9, 0.9), False),  # guessed
        (Segment("la la la la la", 0.1, -0.2, 3.0), False),  # the same again and again
    ],
)
def test_what_whisper_doubts_is_dropped(segment, expected):
    assert believable(segment) is expected


def speech():
    """Return real speech that gradio ships, 3 seconds of it."""
    import gradio

    return Path(gradio.__file__).parent / "media_assets" / "audio" / "heath_ledger.mp3"


def test_doubted_words_are_not_shown_and_the_user_is_told():
    doubted = Segment("Glorp.", 0.1, -1.9, 0.9)
    transcript = WhisperTranscriber(Listener(doubted)).transcribe(Recording(speech()))
    assert transcript.words == ""
    assert "could not make out the words" in transcript.notice
    transcript = WhisperTranscriber(Listener(CLEAR, doubted, CLEAR)).transcribe(Recording(speech()))
    assert transcript.words == "A warm scarf. A warm scarf."


def test_long_silence_around_speech_is_cut_out(tmp_path):
    spoken = read_recording(speech(), longest=10)
    silence = np.zeros(20 * RATE, np.float32)
    path = save_wave(np.concatenate([silence, spoken, silence]), tmp_path / "a.wav")
    engine = Listener(CLEAR)
    assert WhisperTranscriber(engine).transcribe(Recording(path)).seconds == pytest.approx(
        43, abs=0.5
    )
    assert 2 < engine.seconds[0] < 4.5


def test_loading_leaves_torch_its_threads():
    import torch

    before = torch.get_num_threads()
    WhisperTranscriber(Listener())
    assert torch.get_num_threads() == before


# ---- weights and engines ------------------------------------------------------------------------


def test_an_unknown_engine_is_told(tmp_path):
    with pytest.raises(SettingsError, match=r"'siri'.*openai-whisper, faster-whisper"):
        load_transcriber("siri", tmp_path, kept=tmp_path)


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_a_folder_without_weights_is_told(tmp_path, engine):
    with pytest.raises((ModelMissingError, ModelCorruptError), match=str(tmp_path)):
        load_transcriber(engine, tmp_path, kept=tmp_path / "kept")


def test_weights_that_are_something_else_are_told(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"\6\0\0\0\5\0Bert\0" + b"\0" * 50)
    with pytest.raises(ModelCorruptError, match="no Whisper model of CTranslate2"):
        convert(tmp_path / "model.bin", tmp_path / "kept" / "a.pt")
    assert not (tmp_path / "kept").exists()


@pytest.fixture(scope="module")
def weights(home):
    return fetch(home, "whisper-base", report=lambda progress: None)


@pytest.fixture(scope="module", params=["openai-whisper", "faster-whisper"])
def transcriber(request, home, weights):
    return load_transcriber(request.param, weights, kept=home / "converted")


@pytest.mark.models
def test_conversion_keeps_every_number(weights, tmp_path):
    import torch

    convert(weights / "model.bin", tmp_path / "a.pt")
    state = torch.load(tmp_path / "a.pt", weights_only=True)["model_state_dict"]
    variables = read_variables(weights / "model.bin")
    shapes = ("alibi", "alignment", "activation", "num_heads", "pre_norm", "scale_", "start_")
    stored = [v for name, v in variables.items() if not name.split("/")[1].startswith(shapes)]
    keys_without_bias = 3 * 6 * 512  # attentions × layers × width: the zeros that are left out
    assert sum(v.numel() for v in state.values()) + keys_without_bias == sum(
        v.numel() for v in stored
    )
    fused = variables["decoder/layer_3/self_attention/linear_0/weight"]
    assert torch.equal(fused[512:1024], state["decoder.blocks.3.attn.key.weight"])


@pytest.mark.models
def test_real_speech_is_understood(transcriber):
    transcript = transcriber.transcribe(Recording(speech()))
    assert transcript.words == "If you're good at something, never do it for free."
    assert (transcript.language, transcript.notice) == ("en", "")


@pytest.mark.models
def test_a_famous_sentence_is_understood(transcriber, data):
    transcript = transcriber.transcribe(Recording(data / "speech" / "jfk.flac"))
    assert transcript.words.replace(",", "") == (  # where a comma stands differs by processor
        "And so my fellow Americans ask not what your country can do for you "
        "ask what you can do for your country."
    )
    assert transcript.seconds == pytest.approx(11)


@pytest.mark.models
@pytest.mark.media
@pytest.mark.parametrize(
    ("voice", "language", "said", "heard"),
    [
        ("en", "en", "something to keep my coffee hot", "something to keep my coffee hot"),
        ("es", "es", "No cueste más de treinta euros para mi madre", "para mi madre"),
    ],
)
def test_machine_speech_is_understood(transcriber, tmp_path, voice, language, said, heard):
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(tmp_path / "q.wav"), said], check=True)
    transcript = transcriber.transcribe(Recording(tmp_path / "q.wav"))
    assert heard in transcript.words.lower()
    assert transcript.language == language
