"""An authority looked at: which one is meant, what it publishes, whether that is as it should be."""
