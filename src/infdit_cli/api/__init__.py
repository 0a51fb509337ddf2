"""One function for each job: it composes the rooms below and returns a frozen result.

Each module is imported by name when its job is to be done: most bring torch, which takes seconds, and
those that do not are to stay fast.
"""
