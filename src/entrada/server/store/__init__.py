"""What must be remembered, and the stores that remember it."""
