"""What a copy's containers find in their environment, and who they run as."""

import os
import resource
import zlib
from collections.abc import Mapping
from pathlib import Path

from config.settings import Settings
from madoguchi.containers.engine import Project

CENTRE = (70_001, 70_001)
"""User and group of our programs and of Asterisk. Above what Debian gives out (policy 9.2.2), so that on this
machine nobody else has these numbers. What Asterisk cannot see it does not mount."""

POSTGRES = (70_002, 70_002)
IMAGES = "madoguchi"
OPEN_FILES = 65_536
BASE_DEBIAN, BASE_ASTERISK = "madoguchi/base:debian", "madoguchi/base:asterisk"


def name_of(home: Path) -> str:
    """Return the project's name: every home has its own."""
    return f"madoguchi-{zlib.crc32(os.fsencode(home)):08x}"


def project_of(
    settings: Settings, database_url: str = "", database_port: int = 0, base: Mapping[str, str] = os.environ
) -> Project:
    """Return the project of a copy. Without *database_url* it can be looked at and stopped, not started."""
    name = name_of(settings.home)
    told = {
        "MADOGUCHI_PROJECT": name,
        "MADOGUCHI_IMAGES": IMAGES,
        "MADOGUCHI_HOME": str(settings.home),
        "MADOGUCHI_CONFIG": str(settings.centre_file),
        "MADOGUCHI_CONFIG_FOLDER": str(settings.centre_file.parent),
        "MADOGUCHI_SIP_PORT": str(settings.sip_port),
        "MADOGUCHI_HTTP_PORT": str(settings.http_port),
        "MADOGUCHI_ASTERISK_HTTP_PORT": str(settings.asterisk_http_port),
        "MADOGUCHI_AMI_PORT": str(settings.ami_port),
        "MADOGUCHI_PUBLIC_URL": settings.public_url or "",
        "MADOGUCHI_SMTP_PASSWORD": settings.smtp_password or "",
        "MADOGUCHI_USER": "{}:{}".format(*CENTRE),
        "MADOGUCHI_POSTGRES_USER": "{}:{}".format(*POSTGRES),
        "MADOGUCHI_OPEN_FILES": str(_open_files()),
        "MADOGUCHI_DATABASE_PORT": str(database_port),
        "DATABASE_URL": database_url or "postgresql://nobody@127.0.0.1/nothing",
        "COMPOSE_IGNORE_ORPHANS": "1",
    }
    return Project(name, {**base, **told})


def _open_files() -> int:
    """Return how many files a program may hold open: an engine cannot give more than it was given."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
