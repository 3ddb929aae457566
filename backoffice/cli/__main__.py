"""`python -m backoffice.cli`: the same as `laureat`, for a checkout whose commands are not installed."""

import sys

from backoffice.cli.main import main

if __name__ == "__main__":  # started processes import this module again under another name
    sys.exit(main())
