"""How long the path keeps the reception of holders."""
