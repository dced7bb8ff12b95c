"""Grievances of communities near mines: reported by SMS or web, followed to a remedy."""
