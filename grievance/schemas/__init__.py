"""What comes in and what goes out, named field by field."""
