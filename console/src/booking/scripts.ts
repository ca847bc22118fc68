// What an operator says and asks, by the script that a queue names (centre.toml). Shown beside the call.

export interface Script {
  hello: string;
  steps: string[];
}

const HELLO = "お電話ありがとうございます。松阪市マイナンバーカード予約コールセンターの〔名前〕です。";

const GENERAL: Script = {
  hello: HELLO,
  steps: [
    "ご用件をうかがい、復唱する",
    "その場でお答えできないときは、市の担当課から折り返すことをお伝えする",
    "ほかにお困りのことがないかお尋ねする",
  ],
};

const SCRIPTS: Record<string, Script> = {
  booking: {
    hello: `${HELLO}ご予約ですね。`,
    steps: [
      "交付通知書（はがき）はお手元にありますか",
      "受け取る方のお名前とフリガナ、電話番号",
      "ご本人がお越しになりますか（15歳未満の方は法定代理人と一緒に）",
      "ご希望の会場と日にち",
    ],
  },
  change: {
    hello: `${HELLO}ご予約の変更・取り消しですね。`,
    steps: [
      "予約番号、またはお名前と電話番号で予約を確かめる",
      "変更か取り消しかをうかがう",
      "変更後の日時と会場を復唱する",
    ],
  },
  card: {
    hello: HELLO,
    steps: [
      "電子証明書の更新か、暗証番号の再設定かをうかがう",
      "有効期限通知書が届いているか",
      "窓口での手続きには予約が必要なことをお伝えする",
    ],
  },
  portal: {
    hello: HELLO,
    steps: [
      "マイナポータル・健康保険証・公金受取口座のどれかをうかがう",
      "取り交わした Q&A にある答えだけをお伝えする",
      "答えがないときは、国のフリーダイヤルか市の担当課をご案内する",
    ],
  },
};

export function scriptOf(name: string | null): Script {
  return SCRIPTS[name ?? ""] ?? GENERAL;
}
