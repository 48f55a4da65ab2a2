"""Encodes words, pictures and sounds as unit vectors and transcribes speech, each by one library.

Knows weights (`weights/` holds the ones trained here) and how to run them; knows no item and no
query.

    batching         many inputs at once: one core per batch, half precision
    deferred         what is opened when it is first needed
    bert             a plain BERT, on torch alone
    text             ◆ sentence-transformers, for any other
    picture_folder   the files of a picture encoder's folder
    picture          ◆ open_clip, and transformers for its text towers
    two_towers       a picture encoder whose words need no open_clip
    sound            statistics of a sound's log-mel spectrogram
    whisper_weights  one set of weights for both Whisper engines
    known_transcripts  what was transcribed before
    speech_engines   ◆ whisper, faster-whisper
    speech           ◆ silero-vad
"""

__all__ = [
    "batching",
    "bert",
    "deferred",
    "known_transcripts",
    "picture",
    "picture_folder",
    "sound",
    "speech",
    "speech_engines",
    "text",
    "two_towers",
]
