"""The rules of the path: reception, orientation, stages, money, signals and planning; nothing here knows Django."""
