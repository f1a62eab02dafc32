"""Readers of the official files: they read and check, and write nothing."""
