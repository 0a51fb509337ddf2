"""Where a run keeps tensors between visits: on the compute device, in host memory, or in a file."""

from infdit_cli.engine.stores.device import DeviceStore
from infdit_cli.engine.stores.disk import DiskStore
from infdit_cli.engine.stores.host import HostStore
from infdit_cli.engine.stores.make import make_store
from infdit_cli.engine.stores.protocol import TensorStore

__all__ = ["DeviceStore", "DiskStore", "HostStore", "TensorStore", "make_store"]
