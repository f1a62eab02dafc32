"""Every read that a page or an export of the observatory needs."""
