"""The storm's judge must find what is wrong, or its silence means nothing."""
