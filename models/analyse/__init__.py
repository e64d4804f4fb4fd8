"""What a photo tells about its light and its people."""
