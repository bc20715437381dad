"""Single faults in a simulated service, and the proof that one cannot be told from none."""
