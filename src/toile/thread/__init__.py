"""The fact log: what happened, to whom, by whom, and who may read it."""
