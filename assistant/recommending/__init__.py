"""assistant/recommending."""
