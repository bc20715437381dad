"""What the cover goes to see besides its own goals, and the names, limits and pages that it tries there."""
