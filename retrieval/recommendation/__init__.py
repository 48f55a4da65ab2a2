"""From what a user liked to what else they would like."""
