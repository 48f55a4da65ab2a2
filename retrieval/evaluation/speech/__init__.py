"""Evaluates search of items whose description is only a recording, clean and in noise.

Knows espeak-ng and transcribers; measures search with the code of `products`.

    speaking        speech synthesis, added noise, word errors
    hearing         transcripts of spoken sentences, cached
    spoken          items whose description is only a recording
"""

__all__ = ["hearing", "speaking", "spoken"]
