"""The tags and filters that every template of the site may use."""
