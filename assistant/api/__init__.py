"""The same agent for other programs: what all doors share.

Knows who asks, what may be sent and how a turn runs beside others; knows no protocol, and decides
nothing of an answer.

    answer_items    what a turn found and understood, as structured values
    open_agent      what the doors ask of an agent
    callers         tokens → callers, each with a name and a rate of its own
    gate            which requests are answered: their host, origin, caller and size
    sent_media      photos and recordings that are sent as base64 → private files
    turn_metrics    ◆ prometheus_client: counts of turns, times of their stages
    running         a turn in a thread of its own → its events, as they come
    conversations   which stored conversation a list of messages continues
"""
