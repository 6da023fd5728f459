"""What entrada decides: values in, decisions out; no clock, randomness, network or database."""
