"""Appointments: when, with whom, where, and what follows from them."""
