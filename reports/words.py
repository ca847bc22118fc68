"""What things are called in reports."""

NONE = "（なし）"

OUTCOMES = {
    "answered": "オペレーターが応答",
    "abandoned": "放棄（並んでいる間に切れた）",
    "short_abandoned": "早期放棄",
    "callback_requested": "折り返しを約束",
    "self_service": "番号を押して予約",
    "message_left": "伝言",
    "guided": "音声案内",
    "closed": "受付時間外の案内",
    "emergency": "災害時の案内",
    "refused": "当センターの番号ではない",
    "failed": "障害で終わった",
}
CHANGES = {"created": "新規", "moved": "日時変更", "changed": "内容変更", "cancelled": "取消"}
CASES = {
    "city_callback": "市からの折り返し",
    "complaint": "苦情",
    "message": "伝言",
    "callback_failed": "つながらなかった折り返し",
    "delivery_failed": "市の予約システムが拒否",
}
OUTREACH = {
    "requested": "申込み",
    "interested": "関心あり",
    "declined": "不要",
    "no-answer": "不在",
    "busy": "話し中",
    "call-later": "かけ直し",
    "wrong-number": "番号違い",
    "do-not-call": "以後お断り",
}
