"""Talks with the user; reaches items only through the public names of `retrieval`.

A turn is `Agent.reply`. These files are the front door; the steps of a turn have a folder each.

    events          what comes out of a turn while it runs
    agent           one turn
    settings        every setting
    build           settings → agent
"""
