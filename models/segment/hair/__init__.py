"""The hair of a head, as a matte."""
