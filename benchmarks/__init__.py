"""Measures what the project promises, each beside what else there is, in one run."""
