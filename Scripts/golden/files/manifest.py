"""`SHA256SUMS`: the digests of the golden files, as `sha256sum -c` reads them."""

from hashlib import sha256
from pathlib import Path

NAME = "SHA256SUMS"


def manifest(folder: Path) -> str:
    """Return what SHA256SUMS has to say about the golden files that lie in a folder."""
    files = sorted(folder.glob("*.h5"))
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
