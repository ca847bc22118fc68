"""How the figures are defined, in the words that screens and reports print beside them."""

from collections.abc import Mapping

from config.schema import Centre


def definitions(plan: Centre) -> Mapping[str, str]:
    """Return figure → its definition in Japanese, with the thresholds of *plan*."""
    short, goal = plan.calling.short_abandon_s, plan.goals.answer_rate
    levels = "、".join(f"{queue.title}は{queue.service_level_s:g}秒" for queue in plan.queues)
    return {
        "answer_rate": (
            "オペレーターが応答した呼 ÷ 受付時間内にセンターに届いた呼。"
            f"届いてから、または並んでから{short:g}秒未満で切れた呼（早期放棄）、受付時間外と災害時の案内で"
            "終わった呼、当センターの番号ではない呼は、どちらにも数えません。終わった呼だけを、始まった日に"
            "数えます。折り返し、自動音声での予約、伝言、案内で終わった呼は、応答に数えません。"
            f"目標は{goal:g}%以上です。"
        ),
        "may_be_lost": (
            f"このあと続けて何件までなら応答できなくても、応答率が{goal:g}%を下回らないか。"
            "すでに下回っているときは、続けて何件応答すれば戻るか。"
        ),
        "service_level": (
            "並んだ呼（早期放棄を除く）のうち、決めた時間までにオペレーターが応答した割合。"
            f"決めた時間は、{levels}です。"
        ),
        "longest_wait": "いま並んでいる人のうち、いちばん長く待っている人の待ち時間。",
        "expected_wait": (
            "いま並ぶと、どのくらいでオペレーターが出られるかの見込み。並んでいる人、最近の対応時間、"
            "受付中のオペレーターの数から計算します。"
        ),
        "callbacks": "折り返しを約束した数。期限を過ぎたものは「期限超過」に数えます。",
        "deliveries": "市の予約システムにまだ届いていない予約の変更の数。",
    }
