"""`python -m toile` is the command line."""

from toile.cli.main import app

app(prog_name="toile")
