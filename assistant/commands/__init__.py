"""assistant/commands."""
