"""What is done with the API gateway's configuration: kept, changed, published."""
