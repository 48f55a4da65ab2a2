"""The demo of people: invented profiles, their drawings and voices, and who knows whom.

Knows nobody: every profile is drawn by chance from `people.toml` and `interests.toml`.

    profiles  chance → profiles and friendships
    make      profiles → people.csv, people.links.csv, pictures, recordings
"""
