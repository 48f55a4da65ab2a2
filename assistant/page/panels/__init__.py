"""The panels beside the conversation: what is kept, as HTML, and the deeds on it.

Knows the memory's methods; knows no Gradio. `static/panel.js` opens and closes all of them.

    uploads          where uploads lie
    frame           what every panel begins with
    kept_panel      what a user keeps for later, as HTML and as one file
    talks_panel     a user's conversations
    adding_panel     a catalogue that is being added
    catalogue_panel  the indexed catalogues: items, problems, prices, a map
    profile_panel   a user's taste profile
"""
