"""Start the page: `python app.py` is `magpie ui`, with the same options.

Nothing runs on import.
"""

import sys

from assistant.commands.main import main

if __name__ == "__main__":
    sys.argv.insert(1, "ui")
    main()
