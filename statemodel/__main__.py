"""`python -m statemodel`: the command line."""

from statemodel.cli import run

if __name__ == "__main__":
    run()
