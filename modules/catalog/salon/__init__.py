"""The salon's own side of the catalogue: what it adds, and what it makes of the shipped shelf."""
