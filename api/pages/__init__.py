"""The few pages that the service renders itself: Jinja, four languages, no script needed, nothing from elsewhere."""
