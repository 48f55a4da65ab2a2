"""Records, requests and reasons as HTML, and the small pictures that it shows.

Pure but for the pictures; knows no Gradio, no memory, no conversation. All text from a catalogue, a
user or a model is escaped here.

    wording      ◆ babel: what the page itself says, one file a language
    cards        records
    sent         requests, and what can be done with them
    chips        what was understood
    comparison   several records side by side
    steps        what is still being prepared
    troubles     why something was refused or failed
    charts       a histogram, a map of items
    why          why an item stands where it stands
    thumbnails   small versions of pictures
"""
