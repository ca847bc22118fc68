"""``python -m madoguchi ARGS`` is the command ``madoguchi``."""

from madoguchi.cli import main

if __name__ == "__main__":
    main()
