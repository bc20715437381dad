"""A page that plays a model: its drawings, what may happen next, and runs step by step. Must not know who asked."""
