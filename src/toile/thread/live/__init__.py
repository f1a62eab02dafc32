"""The live stream: what happens, told to open pages within a second, one reader of the log for each process."""
