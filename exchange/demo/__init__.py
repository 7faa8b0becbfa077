"""Synthetic data: people who do not exist, in the proportions of the field, the same for the same seed."""
