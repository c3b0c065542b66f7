"""`python -m ecosim` is the command `ecosim`."""

import sys

from .cli import app

if __name__ == "__main__":
    sys.exit(app())
