"""The page's theme: system fonts only, so that nothing is fetched."""

import gradio as gr


def system_theme() -> gr.themes.Base:
    """Return a theme of system fonts, so that nothing is fetched."""
    system = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        radius_size="lg",
        font=system,
        font_mono=("ui-monospace", "monospace"),
    )
