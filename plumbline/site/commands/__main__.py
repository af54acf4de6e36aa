"""`python -m plumbline.site.commands`: the same as `plumbline`."""

import sys

from plumbline.site.commands import main

if __name__ == "__main__":
    sys.exit(main())
