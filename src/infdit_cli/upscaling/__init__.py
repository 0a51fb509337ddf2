"""One picture from file to file: read, planned, computed pass by pass, journalled and finished.

The jobs of ``api`` are made of these. Each module is imported by name, because most bring torch.
"""
