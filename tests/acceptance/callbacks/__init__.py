"""Many callbacks while parts of the centre die: each citizen is called once, in turn, or not at all."""
