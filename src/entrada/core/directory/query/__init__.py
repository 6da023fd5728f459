"""What may be asked of a collection of the directory, whichever door asks: Graph, the portal, the command line."""
