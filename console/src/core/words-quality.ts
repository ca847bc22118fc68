// Words of the page on which calls are heard and judged.

import type { Words } from "./words";

export const QUALITY_WORDS: Words = {
  "quality.find": ["録音のある通話", "Recorded calls"],
  "quality.call": ["通話の評価", "One call"],
  "quality.everybody": ["全員", "Everybody"],
  "quality.count": ["{count}件", "{count} calls"],
  "quality.judged": ["評価済み {percent}%", "scored {percent}%"],
  "quality.hint": [
    "左の一覧から通話を選びます。↑↓で移り、Enter で開きます。",
    "Choose a call on the left (arrows, then Enter).",
  ],
  "quality.head": ["{agent}　{at}", "{agent} — {at}"],
  "quality.facts": [
    "{caller}　{outcome}　待ち {waited}　通話 {talked}",
    "{caller}, {outcome}, waited {waited}, talked {talked}",
  ],
  "quality.unmeasured": [
    "録音は、まだ聞けるようになっていません。少し待ってから、もう一度選んでください。",
    "The recording cannot be heard yet; choose the call again in a moment.",
  ],

  "listen.reason": [
    "録音を聞く理由（だれが、なぜ聞いたかが監査記録に残ります）",
    "Why you listen (kept in the audit trail)",
  ],
  "listen.reason.check": ["品質の確認", "Quality check"],
  "listen.reason.complaint": ["苦情の確認", "Complaint"],
  "listen.reason.training": ["研修", "Training"],
  "listen.reason.missing": ["理由を3文字以上で入れてください。", "Say why, in three characters or more."],
  "listen.open": ["録音を聞く", "Listen"],
  "listen.opening": ["取り出しています…", "Fetching…"],
  "listen.broken": [
    "録音を再生できません。もう一度お試しください。",
    "The recording cannot be played; try again.",
  ],
  "listen.moment": ["録音の位置", "Moment"],
  "listen.play": ["再生", "Play"],
  "listen.stop": ["止める", "Stop"],
  "listen.back": ["{seconds}秒戻る", "Back {seconds} s"],
  "listen.on": ["{seconds}秒進む", "On {seconds} s"],
  "listen.speed": ["速さ {speed}倍", "Speed {speed}×"],

  "mark.title": ["気づいたこと", "Remarks"],
  "mark.none": ["まだありません", "None yet"],
  "mark.hear": ["から聞く", "listen from here"],
  "mark.text": ["気づいたことを書く", "A remark"],
  "mark.make": ["{at} に付ける", "Put it at {at}"],
  "mark.remove": ["消す", "Remove"],

  "score.title": ["評価", "Scorecard"],
  "score.of": ["{by}：{percent}%（{reached}/{most}点）{at}", "{by}: {percent}% ({reached}/{most}) {at}"],
  "score.choose": ["選んでください", "Choose"],
  "score.none": ["場面なし", "Did not come up"],
  "score.points": ["{points} / {most}", "{points} / {most}"],
  "score.comment": ["講評", "Comment"],
  "score.save": ["評価を保存する（{percent}%）", "Save ({percent}%)"],
  "score.missing": ["すべての項目に答えると保存できます", "Answer every line to save"],
  "score.saved": ["評価を保存しました（{percent}%）。", "Saved ({percent}%)."],
  "score.no-form": [
    "評価の項目が決められていません（centre.toml の [quality]）。",
    "There is no form ([quality] in centre.toml).",
  ],
  "score.nobody": [
    "担当者が応対していない通話は、評価できません。",
    "Nobody answered this call, so it cannot be scored.",
  ],

  "scores.title": ["今月の評価", "Scores of this month"],
  "scores.averages": ["担当者ごとの平均", "Averages"],
  "scores.latest": ["最近の評価", "Latest scorecards"],
  "scores.count": ["件数", "Cards"],
  "scores.percent": ["得点率", "Score"],
  "scores.at": ["評価した日時", "Scored"],
};
