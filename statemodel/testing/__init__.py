"""Whether a client, an emulator or a wrapper of one's own behaves as a model says."""
