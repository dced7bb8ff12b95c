"""How does the whole system run on one machine, with its own PostgreSQL and Valkey? See `__main__`."""
