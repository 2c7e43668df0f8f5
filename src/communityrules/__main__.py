"""`python -m communityrules` is the command `communityrules`."""

from __future__ import annotations

from communityrules.cli.main import main

if __name__ == "__main__":
    main()
