"""What all tests run under: workers that share the cores, and no test of how long anything takes."""

import os

from hypothesis import HealthCheck, settings

from infdit_cli.machine.cpu import usable_cores

workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if workers > 1:
    # With as many threads each as there are cores they wait for each other, and take three times as long.
    # Before torch is imported, and for the processes that tests start.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, usable_cores() // workers)))

# On a machine that does other things as well any example may take a second.
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
