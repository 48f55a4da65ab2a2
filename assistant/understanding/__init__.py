"""assistant/understanding."""
