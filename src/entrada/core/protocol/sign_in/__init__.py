"""What the person must do next before an authorization request can be answered."""
