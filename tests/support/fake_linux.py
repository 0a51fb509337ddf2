"""A fake ``/proc`` and ``/sys`` in a folder, as containers show them."""

V2 = "30 23 0:26 {root} /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate"
V1 = "35 31 0:32 {root} /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"
OTHER = "36 31 0:33 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu"

WITHOUT_SOURCE = "37 23 0:34 / /mnt/empty rw,relatime - tmpfs  rw"


def write(root, path, text):
    """Write one file below ``root``."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n", encoding="utf-8")


def mounted(root, *lines, cgroup):
    """Say what is mounted, and which cgroup this process is in."""
    write(root, "proc/self/mountinfo", "\n".join(lines))
    write(root, "proc/self/cgroup", cgroup)


def v2_level(root, path, **files):
    """Write a cgroup of version 2, as in ``max=..., high=..., current=..., stat=...``."""
    for name, value in files.items():
        write(root, f"sys/fs/cgroup/{path}/memory.{name}", value)


def v1_level(root, path, *, limit, usage, cache=0):
    """Write a memory cgroup of version 1."""
    folder = f"sys/fs/cgroup/memory/{path}"
    write(root, f"{folder}/memory.limit_in_bytes", limit)
    write(root, f"{folder}/memory.usage_in_bytes", usage)
    write(root, f"{folder}/memory.stat", f"inactive_file 1\ntotal_inactive_file {cache}")
