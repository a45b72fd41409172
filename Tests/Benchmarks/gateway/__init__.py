"""The gateway beside nginx: the same card from the same kind of responder behind both."""
