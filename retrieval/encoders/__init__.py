"""Encodes words, pictures and sounds as unit vectors and transcribes speech, each by one library.

Knows weights (`weights/` holds the ones trained here) and how to run them; knows no item and no
query.

    batching         many inputs at once: one core per batch, half precision
    text             ◆ sentence-transformers
    picture          ◆ open_clip, and transformers for its text towers
    sound            statistics of a sound's log-mel spectrogram
    whisper_weights  one set of weights for both Whisper engines
    speech           ◆ whisper, silero-vad, faster-whisper
"""

__all__ = ["batching", "picture", "sound", "speech", "text"]
