"""Decodes pictures, recordings and videos safely: untrusted files → pixels and samples.

Knows containers and codecs; knows no item and no model.

    pictures        decode a picture safely
    recordings      ◆ av: any recording → samples, any video → its sharpest frames
"""

__all__ = ["pictures", "recordings"]
