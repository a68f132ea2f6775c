"""`python -m midstance` is the same as `midstance`."""

from midstance.cli import main

if __name__ == "__main__":
    main()
