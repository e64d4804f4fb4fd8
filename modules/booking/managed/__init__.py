"""Appointments by the link that came with their confirmation."""
