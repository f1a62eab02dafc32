"""What the team must treat in the path: one module for each part of the room."""
