"""Parcours: doors, first reception, orientation, stages, follow-up of young firms."""
