"""What `make bench` runs: figures beside this machine's own RSA-2048 sign rate, both taken in one run."""
