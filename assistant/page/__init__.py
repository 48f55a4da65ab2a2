"""The web page: a turn's events → HTML, and the state of one browser session.

Knows Gradio and `static/`; every decision is the agent's.

    examples        example requests for first-time users
    cards           records as HTML
    profile_panel   a user's taste profile as HTML, and the actions on it
    thumbnails      small versions of the items' pictures
    reply           a reply, updated by each event
    session         the state of one browser session
    uploads         where uploads lie
    gate            which requests are answered, and whose they are
    preparing       ◆ what is still being prepared, above the conversation
    theme           ◆ system fonts
    page            ◆ gradio: layout, events, launch
"""

__all__ = ["page"]
