"""Sample apps that `entrada up` starts."""
