"""The ``centre.toml`` of these tests: the sample's features, and short words: a call takes seconds."""

NUMBER = "0120-100-300"
QUEUES = {"booking": "予約", "card": "カード", "general": "総合"}
OPERATORS = {"abe": "401", "baba": "402", "chiba": "403", "doi": "404"}
CROWDED = "doi"
"""The only operator of the queue that has everything to offer to those who wait."""

SCRIPT = "booking-script"

_HEAD = f"""
title = "試験のセンター"
city = "松阪市"
web_address = "https://example.invalid/"

[[trunks]]
name = "carrier"
addresses = ["127.0.0.2"]
outbound = {{ address = "127.0.0.2" }}

[[numbers]]
number = "{NUMBER}"
trunk = "carrier"
menu = "main"

[[menus]]
name = "main"
prompt = "menu-main"
operator = "general"
timeout_s = 0.5
repeats = 0
[menus.keys]
1 = {{ title = "予約", queue = "booking" }}
2 = {{ title = "カード", queue = "card" }}
3 = {{ title = "混む列", queue = "crowded" }}
5 = {{ title = "案内", menu = "guide" }}

[[menus]]
name = "guide"
prompt = "menu-guide"
operator = "general"
timeout_s = 0.5
repeats = 0
[menus.keys]
1 = {{ title = "書類", guide = "documents" }}

[[referrals]]
name = "koseki"
title = "戸籍住民課"
number = "0598-00-0001"
topics = ["戸籍"]
when = "戸籍の届出"

[[guides]]
name = "documents"
title = "書類"
prompt = "guide-documents"

[[skills]]
name = "crowded"
title = "混む列"

[[queues]]
name = "crowded"
title = "混む列"
skill = "crowded"
ring_s = 5
announce_every_s = 10
[[queues.overflow]]
announcement = "please-wait"
options = "options-all"
[queues.overflow.keys]
1 = {{ title = "待つ", does = "stay" }}
2 = {{ title = "伝言", does = "message" }}
3 = {{ title = "案内", does = "guidance", menu = "guide" }}
4 = {{ title = "折り返し", does = "callback" }}
5 = {{ title = "番号で予約", does = "self-service" }}

[self_service]
service = "collection"
after_hours = false

[booking]
channels = [{{ name = "operator" }}, {{ name = "keypad" }}]
services = [{{ name = "collection", title = "受取", bring = ["はがき"] }}]

[[booking.venues]]
name = "koseki"
title = "市役所"
address = "殿町"
open_on_holidays = true
hours = [{{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], opens = "09:00", closes = "17:00" }}]
counters = [{{ name = "card", title = "窓口", desks = 2, services = ["collection"] }}]

[message]
limit_s = 10
silence_s = 2

[[levels]]
name = "full"
title = "一般"
share = 1.0

[[pause_reasons]]
name = "lunch"
title = "昼休憩"

[calling]
acw_s = 0
acw_extension_s = 30
rna_limit = 100
short_abandon_s = 1

[callbacks]
attempts = 3
retry_after_s = 1
ring_s = 5

[prompts]
callback-promised = "承りました。"
callback-greeting = "折り返しです。"
greeting = "はい。"
recording-notice = "録音します。"
menu-main = "番号をどうぞ。"
closed-exception = "休みです。"
call-again = "またどうぞ。"
emergency = "災害です。"
please-wait = "お待ちください。"
options-all = "番号をどうぞ。"
menu-guide = "案内の番号をどうぞ。"
guide-documents = "交付通知書をお持ちください。"
guide-after = "ほかにはございませんか。"
message-instructions = "お話しください。"
message-review = "よろしいですか。"
message-kept = "承りました。"
self-service-notice = "番号をどうぞ。"
self-service-new = "はじめての方ですね。"
self-service-slot-keys = "どうぞ。"
self-service-operator = "はい。"
self-service-booked = "承りました。"
self-service-found = "ご予約です。"
self-service-found-keys = "どうぞ。"
self-service-number = "{{number:digits}}。"
self-service-number-again = "{{number:digits}}。"
bring-collection = "はがきです。"
"""


def _queue(name: str, title: str) -> str:
    return f"""
[[skills]]
name = "{name}"
title = "{title}"

[[queues]]
name = "{name}"
title = "{title}"
skill = "{name}"
script = "{name}-script"
ring_s = 5
tiers = [{{ after_s = 0, min_weight = 1 }}]
"""


def _person(name: str, extension: str, role: str = "operator") -> str:
    skills = ", ".join(f"{queue} = {5 if role == 'operator' else 0}" for queue in QUEUES)
    if name == CROWDED:
        skills += ", crowded = 5"
    return f"""
[[agents]]
name = "{name}"
title = "担当 {name}"
extension = "{extension}"
level = "full"
role = "{role}"
skills = {{ {skills} }}
"""


def centre_toml(more: int = 0) -> str:
    """The whole file, with *more* operators beside `OPERATORS`."""
    queues = "".join(_queue(name, title) for name, title in QUEUES.items())
    everybody = OPERATORS | {f"more{number}": str(500 + number) for number in range(more)}
    people = "".join(_person(name, extension) for name, extension in everybody.items())
    return f"{_HEAD}{queues}{people}{_person('chief', '499', 'supervisor')}"
