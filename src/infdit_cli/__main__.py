"""Run the command line as ``python -m infdit_cli``."""

from infdit_cli.app import main

if __name__ == "__main__":
    main()
