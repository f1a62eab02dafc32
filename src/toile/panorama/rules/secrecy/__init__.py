"""Statistical secrecy: which cells are secret, and which others hide so that no subtraction finds them (domain A16)."""
