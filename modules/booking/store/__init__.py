"""All SQL of booking, a file for each thing."""
