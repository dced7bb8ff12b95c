"""What can be done? Each use case loads, asks a rule, records, and returns frozen values."""
