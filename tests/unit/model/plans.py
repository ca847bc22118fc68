"""Small centres for the model's tests, built through the real schema."""

from collections.abc import Mapping, Sequence

from config.schema import Agent, Centre
from telephony.model.ids import SoundId

SKILLS = ("booking", "card")
FILLED = {
    "position": ("position",),
    "expected-wait": ("minutes",),
    "closed-holiday": ("name",),
    "next-opening": ("day", "at"),
    "callback-confirm": ("number",),
    "callback-again": ("position",),
    "callback-promised-later": ("day", "at"),
    "self-service-number": ("number",),
    "self-service-when": ("day", "at"),
}
KEYS = {
    "1": {"title": "待つ", "does": "stay"},
    "2": {"title": "伝言", "does": "message"},
    "3": {"title": "案内", "does": "guidance", "menu": "guide"},
    "4": {"title": "折り返し", "does": "callback"},
    "5": {"title": "番号で予約", "does": "self-service"},
}
STEPS = (
    {"nobody_signed_in": True, "announcement": "nobody-here", "options": "options-all", "keys": KEYS},
    {"ahead": 2, "options": "options-all", "keys": KEYS},
    {"expected_over_s": 120, "options": "options-all", "keys": KEYS},
    {"after_s": 50, "options": "options-all", "keys": KEYS},
)
"""What a queue with everything offers."""

REFERRALS = (
    {"name": "koseki", "title": "戸籍住民課", "number": "0598-00-0001", "topics": ["戸籍"], "when": "戸籍"},
    {
        "name": "told-only",
        "title": "ナビ",
        "number": "0570-000-000",
        "topics": ["他"],
        "when": "他",
        "transfer": False,
    },
)
"""A department, and a line that costs extra: it is told, and nobody is put through."""


class PlainVoice:
    """Says every prompt with one sound of the same name."""

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return one sound; what it fills in is part of its name."""
        filled = {name: value for name, value in (variables or {}).items() if name in FILLED.get(prompt, ())}
        return (SoundId(f"{prompt}{filled}" if filled else prompt),)


def agent(name: str, **skills: int) -> Agent:
    """Return an operator of the standard level."""
    return Agent.model_validate(
        {
            "name": name,
            "title": name,
            "extension": str(200 + sum(map(ord, name)) % 700),
            "level": "standard",
            "skills": skills,
        }
    )


def plan(**changes: object) -> Centre:
    """Return a centre with two queues, a menu below the main one, and a priority caller."""
    raw: dict[str, object] = {
        "title": "予約センター",
        "city": "松阪市",
        "web_address": "https://example.jp",
        "trunks": [{"name": "carrier", "addresses": ["127.0.0.2"], "outbound": {"address": "127.0.0.2"}}],
        "numbers": [{"number": "0120-000-000", "trunk": "carrier", "menu": "main"}],
        "menus": [
            {
                "name": "main",
                "prompt": "menu-main",
                "operator": "general",
                "timeout_s": 5,
                "repeats": 1,
                "keys": {
                    "1": {"title": "予約", "queue": "booking"},
                    "3": {"title": "カード", "menu": "card"},
                    "5": {"title": "案内", "menu": "guide"},
                },
            },
            {
                "name": "guide",
                "prompt": "menu-guide",
                "operator": "general",
                "repeats": 1,
                "keys": {"1": {"title": "持ち物", "guide": "documents"}},
            },
            {
                "name": "card",
                "prompt": "menu-card",
                "operator": "general",
                "keys": {"1": {"title": "更新", "queue": "card"}},
            },
        ],
        "queues": [
            {
                "name": "booking",
                "title": "予約",
                "skill": "booking",
                "tiers": [{"after_s": 0, "min_weight": 5}, {"after_s": 20, "min_weight": 1}],
                "overflow": STEPS,
            },
            {"name": "card", "title": "カード", "skill": "card"},
            {"name": "general", "title": "総合", "skill": "booking"},
        ],
        "guides": [{"name": "documents", "title": "持ち物", "prompt": "guide-documents"}],
        "skills": [{"name": name, "title": name} for name in SKILLS],
        "levels": [
            {"name": "standard", "title": "標準", "share": 1.0},
            {"name": "trainee", "title": "研修中", "share": 0.5},
        ],
        "pause_reasons": [{"name": "lunch", "title": "昼休み"}],
        "booking": {
            "channels": [{"name": "keypad"}],
            "services": [{"name": "collection", "title": "受取", "bring": ["はがき"]}],
            "venues": [
                {
                    "name": "koseki",
                    "title": "戸籍住民課",
                    "address": "殿町",
                    "hours": [{"days": ["mon"], "opens": "09:00", "closes": "17:00"}],
                    "counters": [{"name": "card", "title": "窓口", "services": ["collection"]}],
                }
            ],
        },
        "self_service": {"service": "collection", "after_hours": False},
        "calling": {"acw_s": 30, "rna_limit": 2},
        "priority_callers": [{"number": "0598-53-4038", "title": "市役所", "queue": "general"}],
    }
    return Centre.model_validate(raw | changes)
