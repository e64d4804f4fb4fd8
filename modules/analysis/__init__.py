"""What a photo tells of a face, and which of the salon's shades suit it."""
