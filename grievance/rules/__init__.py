"""What is allowed, when, and for whom? Values in, values out: no database, network, clock or framework."""
