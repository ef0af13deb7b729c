"""What the notebooks import: devices, models, photographs, explanation methods, plots and the hand-in."""
