"""Look at the machine and the installation, without torch as long as nothing asks for it."""

from infdit_cli.api.doctor.report import doctor

__all__ = ["doctor"]
