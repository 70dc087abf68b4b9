"""Reading: anything that holds news becomes articles."""
