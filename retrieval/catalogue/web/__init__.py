"""Catalogues on the web, and files that catalogues name there → files in a cache here.

Knows addresses, connections and first bytes; knows no row, no item and no picture's pixels. Every
address and every answer is untrusted: no machine inside this network is asked unless the owner says
so, and nothing of an address becomes the name of a file.

    limits       how large, how long, how many at once
    address      what a cell says → a target that may be asked; which machines may answer
    signatures   the first bytes of a file → what it is
    cache        where fetched files lie, and the begun ones that can be continued
    hosts        who is asked how often, who rests, who does not answer
    connections  ◆ httpcore: a request to a machine that was checked
    download     one address → its file: redirects, attempts, continuing
    feed         the address of a whole catalogue → its file, anew each time
"""

__all__ = ["address", "cache", "connections", "download", "feed", "hosts", "limits", "signatures"]
