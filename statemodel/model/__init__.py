"""What can be said of a service: states, events, rows, operations, evidence. Runs nothing."""
