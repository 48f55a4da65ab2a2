"""How well items are found that only speak: sentences said aloud, in noise, and heard.

Knows espeak-ng and transcribers; measures search by what `products` has.

    speaking        sentences said aloud, noise, words misheard
    hearing         … and heard, each only once
    spoken          items whose description is only a recording
"""

__all__ = ["hearing", "speaking", "spoken"]
