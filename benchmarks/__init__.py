"""What `make bench` measures, beside this machine's own RSA-2048 sign rate."""
