"""What the machine has and allows: memory, devices; the limits it sets, and failing because of them.

Its modules are imported by name: only `devices` brings torch, and the others are to run before it is loaded.
"""
