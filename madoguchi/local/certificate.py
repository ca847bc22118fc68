"""The certificate with which Asterisk speaks SIP over TLS, made once; operations staff may put another there.

``sip.pem`` and ``sip.key`` are ours, ``trusted.pem`` whom we believe: at first the authorities that this
machine trusts, and our own certificate.
"""

import os
import shutil
import socket
from pathlib import Path

from config.layout import Layout
from dialplan import Owner
from madoguchi.local.files import write_whole
from madoguchi.local.running import run

AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
GOOD_FOR_DAYS = 3_650


def ensure(layout: Layout, owner: Owner) -> None:
    """Make what is missing below `Layout.asterisk_tls`. Raises CommandFailedError and OSError."""
    folder = layout.asterisk_tls
    certificate, trusted = folder / "sip.pem", folder / "trusted.pem"
    if not certificate.exists():
        _make(certificate, folder / "sip.key")
    if not trusted.exists():
        known = AUTHORITIES.read_text(encoding="ascii", errors="ignore") if AUTHORITIES.exists() else ""
        write_whole(trusted, known + certificate.read_text(encoding="ascii"), 0o640)
    _give(folder, owner)


def lend(layout: Layout, other: Layout, owner: Owner) -> None:
    """Copy them to *other*, where an Asterisk tries a configuration that names them. Raises OSError."""
    if layout.asterisk_tls.exists():
        shutil.copytree(layout.asterisk_tls, other.asterisk_tls, dirs_exist_ok=True)
        _give(other.asterisk_tls, owner)


def _give(folder: Path, owner: Owner) -> None:
    for path in (folder, *folder.iterdir()):
        os.chown(path, *owner)


def _make(certificate: Path, key: Path) -> None:
    name = socket.gethostname()
    run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", str(GOOD_FOR_DAYS), "-subj", f"/CN={name[:64]}"),
            *("-addext", f"subjectAltName=DNS:{name},DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ]
    )
    key.chmod(0o600)
