"""Training: pictures and words into one space, on a catalogue or from nothing."""
