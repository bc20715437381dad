"""What there is to cover in a model, what a run has covered, and the way to what is left."""
