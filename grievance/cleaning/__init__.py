"""Is a file what it says it is, and what is left of it without its traces? Asked in a process of its own."""
