"""What every panel begins with: its title, what the scripts need to know, a button that closes it.

Pure; knows no panel.
"""

from assistant.page.markup.cards import text
from assistant.page.markup.wording import Wording


def panel_head(name: str, say: Wording, **known: str) -> str:
    """Return the beginning of a panel; `known` is kept in attributes for its script."""
    kept = "".join(f' data-{key}="{text(value)}"' for key, value in known.items())
    return (
        f'<section role="dialog" aria-labelledby="{name}-title"{kept}>'
        f'<header><h2 id="{name}-title" tabindex="-1">{say(f"{name}.title")}</h2>'
        f'<button type="button" data-act="close" aria-label="{say("panel.close")}">×</button>'
        "</header>"
    )
