"""What the directory holds about people, by where it is kept: each module declares its holdings."""

from toile.directory import (  # noqa: F401 -- declares at start
    letter_consent,
    personal_campaigns,
    personal_editing,
    personal_letters,
    personal_members,
    personal_news,
    personal_records,
)
