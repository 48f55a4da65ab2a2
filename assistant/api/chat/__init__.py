"""Chat completions as OpenAI's clients ask for them.

Knows the messages and chunks of that protocol; decides nothing of an answer. Whoever speaks it
(a chat interface, a library) holds Magpie's conversation with text, photos and recordings.

    chat_records    the values that are asked and answered
    chat_turns      messages → the turns of a user
    chat_answers    the events of a turn → an answer, whole or in chunks
"""
