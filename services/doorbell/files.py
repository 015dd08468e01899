"""The four things the spool does to files, each safe against a second process doing the same at the same
time."""

import os
import shutil
import uuid
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """The file holds all of the content, on the disk; or it stands as it stood before."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        discard(part)
        raise


def listed(folder: Path) -> list[str]:
    """The names in the folder, oldest first as the spool names them; none when there is no folder."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []


def modified_at(path: Path) -> float:
    """When the file last changed, in seconds of the epoch; never, when it is gone."""
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")


def discard(path: Path) -> bool:
    """Whatever stood there is gone; yields whether there was something."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except (IsADirectoryError, PermissionError):
        shutil.rmtree(path, ignore_errors=True)
    return True
