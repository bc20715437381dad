"""Faces of an adapter for clients in other processes."""
