"""The child process that carries the gateway's traffic: found, told by files, watched, drained.  Design section 7."""
