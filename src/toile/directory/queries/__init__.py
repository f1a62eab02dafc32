"""Every read of the directory, with its number of SQL statements known."""
