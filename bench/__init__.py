"""What does it cost, beside the plain thing? `python -m bench` prints ratios measured in one run."""
