"""How the tables came to be: one file per step, each expanding before a later one contracts."""
