"""What the team must treat in the directory, by what is treated: each module declares its kinds."""

from toile.directory import work_campaigns, work_claims, work_news, work_records  # noqa: F401 -- declares at start
