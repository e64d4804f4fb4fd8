"""The waiting list over HTTP."""
