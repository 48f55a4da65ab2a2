"""assistant/memory."""
