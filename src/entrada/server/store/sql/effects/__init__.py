"""What effects do to the tables: `unit` applies them, the other files hold their statements."""
