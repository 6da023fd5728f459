"""Which permissions a client holds, which it lacks, and who may grant them."""
