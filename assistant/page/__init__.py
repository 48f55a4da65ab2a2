"""The page: a turn's values → HTML, and what one browser session sees.

Knows Gradio and `static/`; every decision is the agent's.

    examples        what a first-time user can click
    cards           records as HTML
    profile_panel   a user's taste as HTML, and what can be done with it
    thumbnails      items' pictures, small
    reply           a reply while it grows
    session         what one browser session sees
    page            ◆ gradio
"""

__all__ = ["page"]
