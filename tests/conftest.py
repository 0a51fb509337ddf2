"""Workers that test side by side share the cores.

With as many threads each as there are cores they wait for each other spinning: the same tests took three
times as long.
"""

import os

from infdit_cli.machine.cpu import usable_cores

workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if workers > 1:
    # Before torch is imported, and for the processes that tests start.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, usable_cores() // workers)))
