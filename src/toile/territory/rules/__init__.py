"""The rules of the territory: codes, names, coordinates, and the drawing of maps; never Django."""
