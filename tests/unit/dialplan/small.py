"""A centre, a roster and an environment that are small enough to be read."""

from pathlib import Path

from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import Secrets

SECRETS = Secrets(ari_password="ari-secret", ami_password="ami-secret")


def centre(**changes: object) -> Centre:
    """Return a centre with one of each; *changes* replace whole tables."""
    tables: dict[str, object] = {
        "title": "予約センター",
        "city": "松阪市",
        "web_address": "https://www.example.jp/",
        "trunks": [{"name": "carrier", "addresses": ["127.0.0.2"], "max_calls": 30}],
        "numbers": [{"number": "0120-000-598", "trunk": "carrier", "menu": "main"}],
        "menus": [{"name": "main", "prompt": "menu-main", "operator": "general", "keys": {}}],
        "queues": [{"name": "general", "title": "総合", "skill": "general"}],
        "skills": [{"name": "general", "title": "総合"}],
        "levels": [{"name": "standard", "title": "標準", "share": 1.0}],
    }
    return Centre.model_validate(tables | changes)


PHONE_PASSWORD = "correct horse"


def agent(extension: str, password: str | None = PHONE_PASSWORD) -> Agent:
    """Return an operator whose name is made of the extension."""
    name = f"op{extension}"
    return Agent(name=name, title=name, extension=extension, level="standard", sip_password=password)


def settings(home: Path, sip_port: int = 5060) -> Settings:
    """Return an environment in which every port is another one."""
    return Settings(
        home=home,
        centre_file=home / "centre.toml",
        database_url=None,
        sip_port=sip_port,
        http_port=8080,
        asterisk_http_port=8088,
        ami_port=5038,
    )
