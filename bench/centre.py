"""The ``centre.toml`` of the measurements: one queue, thirty operators, callers who go straight to the line.

The callers are priority callers, because these skip greeting and menu: what remains before the queue is
the recording notice, if calls are recorded. The peers' dialplan plays that same notice.
"""

from collections.abc import Sequence

OPERATORS = 30
FIRST_EXTENSION = 301
NUMBER = "0120-100-200"
CALLERS = 1_000


def caller(number: int) -> str:
    """The telephone number of caller *number*; they come round again after `CALLERS` calls."""
    return f"0900000{number % CALLERS:04}"


def extensions() -> Sequence[str]:
    """Every operator's extension."""
    return [str(FIRST_EXTENSION + number) for number in range(OPERATORS)]


def centre_toml(
    *, recording: bool, max_calls: int = 2_000, min_calls: int = 2_000, max_new_per_s: int = 1_000
) -> str:
    """The whole file. Without bounds that matter, unless they are what is measured."""
    priority = "\n".join(
        f'[[priority_callers]]\nnumber = "{caller(n)}"\ntitle = "測定"\nqueue = "line"'
        for n in range(CALLERS)
    )
    agents = "\n".join(
        f'[[agents]]\nname = "op{n:02}"\ntitle = "担当{n:02}"\nextension = "{extension}"\n'
        f'level = "full"\nskills = {{ line = 10 }}'
        for n, extension in enumerate(extensions())
    )
    return f"""
title = "測定用のセンター"
city = "松阪市"
web_address = "https://example.invalid/"

[[trunks]]
name = "carrier"
addresses = ["127.0.0.2/32"]
max_calls = {max_calls}
min_calls = {min_calls}
max_new_per_s = {max_new_per_s}

[[numbers]]
number = "{NUMBER}"
trunk = "carrier"
menu = "main"

[[menus]]
name = "main"
prompt = "menu-main"
operator = "line"
timeout_s = 0.4
repeats = 0
[menus.keys]

[[skills]]
name = "line"
title = "総合"

[[queues]]
name = "line"
title = "総合"
skill = "line"
strategy = "rrmemory"

[[levels]]
name = "full"
title = "一般"
share = 1.0

[calling]
acw_s = 0
rna_limit = 100

[recording]
enabled = {str(recording).lower()}

[prompts]
greeting = "はい。"
recording-notice = "録音します。"
menu-main = "ご用件の番号をどうぞ。"

{priority}

{agents}

[[agents]]
name = "chief"
title = "責任者"
extension = "399"
level = "full"
role = "supervisor"
"""
