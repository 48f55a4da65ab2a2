"""assistant/answering."""
