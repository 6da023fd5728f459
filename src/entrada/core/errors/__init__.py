"""Every reason entrada says no, and what a decision weighed."""
