"""The observatory: sources in, indicators computed, editions out, that anyone can recompute."""
