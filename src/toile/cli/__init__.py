"""The command line `toile`: each command reads its options, calls a room, and tells what came of it."""
