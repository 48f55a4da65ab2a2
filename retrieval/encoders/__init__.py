"""Words, pictures, speech and sounds → unit vectors or a transcript, each by one library.

Knows weights (`weights/` holds our own) and how to run them here; knows no item and no query.

    batching         many inputs at once: a core for each batch, half precision
    text             ◆ sentence-transformers
    picture          ◆ open_clip, and transformers, of which its text towers are made
    sound            how a sound sounds, as statistics
    whisper_weights  one set of weights for both Whisper engines
    speech           ◆ whisper, silero-vad, faster-whisper
"""

__all__ = ["batching", "picture", "sound", "speech", "text"]
