"""What the city gets: figures of a day or a month, as data, for spreadsheets, and to be read (R14, R15).

`figures` reads the counts, `report` is what a report says, `table` and `page` write it down, `routes` hands
it out. What counts as what is decided in one place, for the wallboard too (`telephony.figures`).
"""
