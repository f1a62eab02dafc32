"""HTTP in, HTML out: one module for each kind of page of the path."""
