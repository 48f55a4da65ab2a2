"""assistant/turn."""
