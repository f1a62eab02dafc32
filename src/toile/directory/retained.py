"""How long the directory keeps what it holds, by where it is kept: each module declares its durations."""

from toile.directory import (  # noqa: F401 -- declares at start
    retained_campaigns,
    retained_editing,
    retained_letters,
    retained_records,
)
