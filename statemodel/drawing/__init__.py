"""Drawings of a model: one outline, written as DOT, Mermaid, PlantUML, a table or a picture."""
