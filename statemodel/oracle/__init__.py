"""Judging recorded histories against a model."""
