"""Bringing structures in: one engine, one adapter per source."""
