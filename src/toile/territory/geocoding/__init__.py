"""Geocoding behind a port: what rooms ask, and the national service that answers."""
