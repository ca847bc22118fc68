"""Dates and times of day as they are spoken: 2027-01-04 → 2027年1月4日, (月) → 月曜日, 8:30 → 8時30分.

A full hour is 「9時ちょうど」, because 0分 is read wrongly and "9時" alone sounds like an estimate; at either
end of a span (から, まで) it is plain 「9時」.
"""

import re
from datetime import date

_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(rf"\(([{_WEEKDAYS}])(?:曜日?)?([・、,]?祝日?)?\)")
_YEAR_FIRST = re.compile(r"(?<![\d/-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ](?=\d{1,2}:)|(?![\d/-]))")
_MONTH_DAY = re.compile(rf"(?<![\d/])(\d{{1,2}})/(\d{{1,2}})(?=\((?:[{_WEEKDAYS}])[曜・)])")
_LEADING_ZERO = re.compile(r"(?<!\d)0+(\d+)(?=[年月日時分秒])")
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?!:?\d)")
_FULL_HOUR = re.compile(r"(\d{1,2})時0分")
_ZERO_HOUR = re.compile(r"(?<!\d)0時(?!間)")
_ZERO_MINUTES = re.compile(r"(?<![\d.])0分(?!の\d)")
_SPAN = re.compile(r"(?<=[時分日])-(?=\d|午)|(?<=ちょうど)-|(?<=曜日)-")
_FULL_HOUR_IN_SPAN = re.compile(r"ちょうど(?=から|まで|より)|(?<=から)(\d{1,2}時)ちょうど")


def _written_date(match: re.Match[str]) -> str:
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    try:
        date(year, month, day)
    except ValueError:
        return match[0]
    return f"{year}年{month}月{day}日"


def _written_weekday(match: re.Match[str]) -> str:
    return f"{match[1]}曜日" + ("、祝日" if match[2] else "")


def say_calendar(text: str) -> str:
    """Rewrite the dates, weekdays and times of day of cleaned *text*."""
    text = _MONTH_DAY.sub(r"\1月\2日", _YEAR_FIRST.sub(_written_date, text))
    text = _WEEKDAY.sub(_written_weekday, text)
    text = _CLOCK.sub(lambda match: f"{int(match[1])}時{int(match[2])}分", text)
    text = _LEADING_ZERO.sub(lambda match: str(int(match[1])), text)
    text = _FULL_HOUR.sub(r"\1時ちょうど", text)
    text = _SPAN.sub("から", text).replace("~", "から")
    text = _FULL_HOUR_IN_SPAN.sub(lambda match: match[1] or "", text)
    return _ZERO_MINUTES.sub("レーフン", _ZERO_HOUR.sub("レージ", text))
