"""The smallest centre that has every prompt; tests change what they are about."""

from typing import Any

from config.schema import Centre


def centre(**changes: Any) -> Centre:
    """Return a valid centre with *changes* to its top-level tables."""
    tables: dict[str, Any] = {
        "title": "松阪市マイナンバーカード交付予約コールセンター",
        "city": "松阪市",
        "web_address": "https://www.example.jp/",
        "trunks": [{"name": "carrier", "addresses": ["127.0.0.2/32"]}],
        "numbers": [{"number": "0120-123-456", "trunk": "carrier", "menu": "main"}],
        "menus": [
            {
                "name": "main",
                "prompt": "menu-main",
                "operator": "general",
                "keys": {"1": {"title": "予約", "queue": "general"}},
            }
        ],
        "queues": [{"name": "general", "title": "総合", "skill": "general", "overflow": [{}]}],
        "skills": [{"name": "general", "title": "総合"}],
        "levels": [{"name": "full", "title": "一人前", "share": 1}],
    }
    return Centre.model_validate(tables | changes)
