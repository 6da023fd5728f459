"""From the tree of an expression to what can be run: every member looked up, every type fitted, once and before."""
