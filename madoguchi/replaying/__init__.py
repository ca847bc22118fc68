"""A day's real traffic, played again through the model with another configuration."""
