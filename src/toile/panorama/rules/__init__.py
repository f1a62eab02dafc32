"""The rules of the observatory: pure functions over figures, each with its source; never Django."""
