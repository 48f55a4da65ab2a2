"""Any message ends a turn well: an answer, or one line that says why not."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.understanding.dialogue_state import DialogueState
from retrieval.constraints import satisfies_all
from retrieval.errors import MessageError
from tests.builders import last

WORDS = st.sampled_from(
    "a scarf mug under over 40 dollars € not no red blue cheaper the second one first compare why "
    "like don't undo back more with without and or at least between 10 20 wool size which how many "
    "schal ohne unter rouge moins cher 围巾 便宜 \u202e \ud800 % $ ' \" , . ? ! -- <b> 1e999 -5 ½ kg".split()
)  # fmt: skip
MESSAGES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join),
    st.text(min_size=1, max_size=80),
    st.text(alphabet=st.characters(categories=("Cs", "Cf", "Cc", "Nd", "Sc", "So")), max_size=20),
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_any_conversation_ends_each_turn(shop_agent, messages):
    session = repr(messages)
    for words in messages:
        try:
            done = last(shop_agent, words, session=session)
        except MessageError:
            continue
        assert all(satisfies_all(one.item, done.constraints) for one in done.candidates)
        assert done.answer
        done.answer.encode()
    kept = shop_agent.memory.recall(session, shop_agent.catalogue, "me")
    assert isinstance(kept.state, DialogueState)
