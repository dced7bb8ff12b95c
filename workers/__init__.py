"""What runs beside the web? Senders, the sweep and the SMS worker: plain functions, queued and timed."""
