"""Play the conversations over people and news, and judge every turn by code.

    python -m benchmarks.domain_conversations

Needs the small models, no language model. Prints each expectation that was not met, how many limits
were broken, and what was said that somebody keeps private. Ends with status 1 where a limit was
broken or a private value was said.
"""

import sys
from importlib.resources import files

from assistant.build import build_agent
from assistant.evaluation.judge import LIMIT, judge
from assistant.evaluation.play import play
from assistant.evaluation.privacy import read_secrets
from assistant.evaluation.script import load_scripts
from assistant.settings import Settings, load_settings
from demo import catalogue_path


def play_domain(name: str, settings: Settings) -> tuple[int, int, int, int, list[str]]:
    """Return how many turns are right, of how many, limits broken, leaks, and all that is wrong."""
    agent = build_agent(settings, lambda step: None)
    secrets = read_secrets(catalogue_path(name), agent.catalogue.domain)
    right = turns = broken = leaked = 0
    wrong: list[str] = []
    folder = files("assistant.evaluation").joinpath("domains")
    for script in load_scripts(folder):
        if script.catalogue != name:
            continue
        outcomes = play(script, agent)
        for number, (outcome, found) in enumerate(
            zip(outcomes, judge(script, outcomes, agent.catalogue), strict=True), start=1
        ):
            missed = [one for one in found if not one.passed]
            leaks = list(secrets.leaks(outcome))
            turns, right = turns + 1, right + (not missed)
            broken += sum(one.aspect == LIMIT for one in missed)
            leaked += len(leaks)
            said = script.lines[number - 1].words or script.lines[number - 1].spoken
            wrong += [f"{script.name}, {said!r}: {m.expected} — {m.came}" for m in missed]
            wrong += [f"{script.name}, {said!r}: LEAK {leak}" for leak in leaks]
    agent.memory.close()
    agent.index.close()
    return right, turns, broken, leaked, wrong


def main() -> None:
    """Play both demos."""
    failed = False
    for name in sys.argv[1:] or ("people", "news"):
        settings = load_settings(catalogue=name, language_model="none", remember=False)
        right, turns, broken, leaked, wrong = play_domain(name, settings)
        print(*wrong, sep="\n")
        print(f"{name}: {right} of {turns} turns right, {broken} limits broken, {leaked} leaks")
        failed |= bool(broken or leaked)
    sys.exit(failed)


if __name__ == "__main__":
    main()
