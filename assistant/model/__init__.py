"""assistant/model."""
