"""Where tokens are kept between uses, and how they are renewed once however many ask."""
