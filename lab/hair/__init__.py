"""Training of the hair net; nothing here is part of the product."""
