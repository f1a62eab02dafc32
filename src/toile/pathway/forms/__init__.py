"""The forms of the path: the shape of what people type."""
