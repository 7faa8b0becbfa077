"""Classifiers and calendars: the facts of others, carried as data."""
