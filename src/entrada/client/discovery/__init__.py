"""What an authority publishes: where it listens, in whose name it speaks, and the keys it signs with."""
