"""People: sign-in, platform roles."""
