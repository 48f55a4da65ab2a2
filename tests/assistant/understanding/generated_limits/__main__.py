"""Print for some seeds how many generated limits Magpie reads right, and those that it does not."""

import argparse
from pathlib import Path

from tests.assistant.understanding.generated_limits.drawing import DATA, generated_limits
from tests.assistant.understanding.generated_limits.judging import missed, requests_of

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("seeds", nargs="+", type=int)
parser.add_argument("--data", type=Path, help="holds fashion/products.parquet")
given = parser.parse_args()
for seed in given.seeds:
    asked = [(one, DATA / one.path) for one in generated_limits(seed)]
    if given.data:
        place = given.data / "fashion" / "products.parquet"
        asked += [(one, place) for one in requests_of(place, seed)]
    wrong = {one.message: told for one, path in asked if (told := missed(one, path))}
    for message, told in wrong.items():
        print(f"  {message!r} → {told}")
    astray = sum("was not named" in told for told in wrong.values())
    right = len(asked) - len(wrong)
    print(f"seed {seed}: {right} of {len(asked)}; {astray} on a field that was not named")
