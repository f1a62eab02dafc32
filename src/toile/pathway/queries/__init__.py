"""Every read of the path."""
