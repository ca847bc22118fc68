"""The ``centre.toml`` of the storm: thirty operators, short words, no after-call work, quick menus.

A second number leads, without a key, to a line in which a callback can be asked for.
"""

OPERATORS = 30
NUMBER = "0120-100-200"
CALLBACKS = "0120100201"

_HEAD = f"""
title = "嵐のセンター"
city = "松阪市"
web_address = "https://example.invalid/"

[[trunks]]
name = "carrier"
addresses = ["127.0.0.2/32"]
outbound = {{ address = "127.0.0.2" }}
max_new_per_s = 30  # as many as the crowd of the chaos, who come all at once

[[numbers]]
number = "{NUMBER}"
trunk = "carrier"
menu = "main"

[[numbers]]
number = "{CALLBACKS}"
trunk = "carrier"
menu = "callbacks"

[[menus]]
name = "callbacks"
prompt = "menu-main"
operator = "callbacks"
timeout_s = 0.1
repeats = 0
[menus.keys]
1 = {{ title = "折り返し", queue = "callbacks" }}

[[skills]]
name = "callbacks"
title = "折り返し"

[[queues]]
name = "callbacks"
title = "折り返し"
skill = "callbacks"
ring_s = 5
announce_every_s = 10
[[queues.overflow]]
announcement = "please-wait"
options = "options-callback"
[queues.overflow.keys]
4 = {{ title = "折り返し", does = "callback" }}

[callbacks]
attempts = 3
retry_after_s = 1
ring_s = 5

[[menus]]
name = "main"
prompt = "menu-main"
operator = "general"
timeout_s = 0.4
repeats = 0
[menus.keys]
1 = {{ title = "予約", queue = "booking" }}
2 = {{ title = "カード", queue = "card" }}
9 = {{ title = "その他", menu = "more" }}

[[menus]]
name = "more"
prompt = "menu-main"
operator = "general"
timeout_s = 0.4
repeats = 0
[menus.keys]
1 = {{ title = "予約", queue = "booking" }}

[[levels]]
name = "full"
title = "一般"
share = 1.0

[[levels]]
name = "senior"
title = "熟練"
share = 1.5

[calling]
acw_s = 0
rna_limit = 100

[prompts]
greeting = "はい。"
recording-notice = "録音します。"
menu-main = "ご用件の番号をどうぞ。"
please-wait = "お待ちください。"
options-callback = "番号をどうぞ。"
callback-promised = "承りました。"
callback-greeting = "折り返しです。"
"""

_QUEUES = (("booking", "予約"), ("card", "カード"), ("general", "総合"))


def _queue(name: str, title: str) -> str:
    return f"""
[[skills]]
name = "{name}"
title = "{title}"

[[queues]]
name = "{name}"
title = "{title}"
skill = "{name}"
ring_s = 5
tiers = [{{ after_s = 0, min_weight = 5 }}, {{ after_s = 2, min_weight = 1 }}]
"""


def _operator(number: int) -> str:
    skills = ", ".join(
        f"{name} = {10 if number % 3 == place else 2}" for place, (name, _) in enumerate(_QUEUES)
    )
    return f"""
[[agents]]
name = "op{number:02}"
title = "担当{number:02}"
extension = "{300 + number}"
level = "{"senior" if number % 5 == 0 else "full"}"
skills = {{ {skills}, callbacks = 5 }}
"""


_SUPERVISOR = """
[[agents]]
name = "chief"
title = "責任者"
extension = "399"
level = "senior"
role = "supervisor"
"""


def centre_toml() -> str:
    """The whole file."""
    queues = "".join(_queue(name, title) for name, title in _QUEUES)
    people = "".join(_operator(number) for number in range(OPERATORS))
    return f"{_HEAD}{queues}{people}{_SUPERVISOR}"
