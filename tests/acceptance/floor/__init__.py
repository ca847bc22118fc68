"""What the tests of bad input, the desk and survival share: a small centre, its people and its evidence."""
