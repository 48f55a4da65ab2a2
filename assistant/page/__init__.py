"""assistant/page."""
