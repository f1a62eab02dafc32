"""Organisations and establishments, and what each source said of them."""
