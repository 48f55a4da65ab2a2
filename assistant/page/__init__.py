"""The web page: a turn's events → HTML, and the state of one browser session.

Knows Gradio and `static/`; every decision is the agent's. What is drawn stands in `markup/`, what
stands beside the conversation in `panels/`.

    examples        example requests for first-time users
    reply           a reply, updated by each event
    session         a conversation as the page shows it, as values
    deeds           what a chip or a button sends
    kept_exchanges  an exchange of it ↔ JSON
    turns           turns that run, each in a thread of its own
    gate            which requests are answered, and whose they are
    shops           the catalogues that are open, each with its agent and its conversations
    visitor         in which language somebody reads, and the page in it
    page_events     ◆ gradio: the components, and what comes with an event
    panel_wiring    ◆ gradio: what happens on the events of the panels
    wiring          ◆ gradio: what happens on those of the conversation
    preparing       ◆ gradio: what is still being prepared, above the conversation
    theme           ◆ gradio: system fonts
    page            ◆ gradio: layout, launch
"""

__all__ = ["page", "session", "turns"]
