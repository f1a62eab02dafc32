"""Whether two records are one structure: what is compared, which pairs are compared, and the reasons in words."""
