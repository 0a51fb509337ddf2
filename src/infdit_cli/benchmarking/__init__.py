"""What a benchmark is made of: what is asked for, a picture for it, a process of its own, and a plot."""
