"""The web page: a turn's events → HTML, and the state of one browser session.

Knows Gradio and `static/`; every decision is the agent's.

    examples        example requests for first-time users
    cards           records as HTML
    why             why an item stands where it stands, as HTML
    comparison      several records side by side, as HTML
    profile_panel   a user's taste profile as HTML, and the actions on it
    thumbnails      small versions of pictures
    kept_panel      what a user keeps for later, as HTML and as one file
    talks_panel     a user's conversations as HTML
    reply           a reply, updated by each event
    session         a conversation as the page shows it, as values
    kept_exchanges  an exchange of it ↔ JSON
    turns           turns that run, each in a thread of its own
    uploads         where uploads lie
    gate            which requests are answered, and whose they are
    wiring          ◆ gradio: what happens on the page's events
    preparing       ◆ gradio: what is still being prepared, above the conversation
    theme           ◆ gradio: system fonts
    page            ◆ gradio: layout, launch
"""

__all__ = ["page", "session", "turns"]
