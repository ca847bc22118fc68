"""Another version takes a running centre over and gives it back, while people talk, wait and call."""
