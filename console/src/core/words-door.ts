// Words of the way in: signing in, the first steps, what may go wrong anywhere.

import type { Words } from "./words";

export const DOOR_WORDS: Words = {
  "app.name": ["マイナンバーカード 予約コールセンター", "My Number Card reservation centre"],
  "app.city": ["松阪市", "City of Matsusaka"],
  "app.loading": ["読み込んでいます", "Loading"],
  "app.language": ["English", "日本語"],
  "app.sign-out": ["ログアウト", "Sign out"],

  "door.title": ["ログイン", "Sign in"],
  "door.user": ["利用者名", "User name"],
  "door.password": ["パスワード", "Password"],
  "door.totp": ["認証アプリの6桁の数字", "Six digits of your authenticator"],
  "door.totp.help": [
    "認証アプリをなくしたときは、控えておいた回復用の番号を入れてください。",
    "Lost it? Enter one of your recovery codes.",
  ],
  "door.go": ["ログインする", "Sign in"],
  "door.next": ["次へ", "Next"],

  "first.password.title": ["新しいパスワードを決めてください", "Choose a new password"],
  "first.password.why": [
    "最初のパスワードは、ほかの人も見ている可能性があります。ご自分だけのものに変えてから始めます。",
    "Others may have seen the first password. Choose one of your own before you begin.",
  ],
  "first.password.present": ["いまのパスワード", "Present password"],
  "first.password.new": ["新しいパスワード（12文字以上）", "New password (12 characters or more)"],
  "first.password.again": ["新しいパスワード（もう一度）", "New password (again)"],
  "first.password.differ": ["二つの新しいパスワードが違っています。", "The two new passwords differ."],
  "first.password.go": ["パスワードを変える", "Change password"],
  "first.password.done": ["パスワードを変えました。", "Your password was changed."],

  "first.totp.title": ["認証アプリを登録してください", "Enrol your authenticator"],
  "first.totp.why": [
    "この役割では、パスワードのほかに認証アプリの数字が必要です。",
    "This role signs in with an authenticator's code besides the password.",
  ],
  "first.totp.begin": ["登録を始める", "Begin"],
  "first.totp.scan": [
    "認証アプリでこの図を読み取り、表示された6桁の数字を入れてください。",
    "Scan this with your authenticator, then enter the six digits that it shows.",
  ],
  "first.totp.qr": ["認証アプリで読み取る図（QRコード）", "QR code for your authenticator"],
  "first.totp.secret": ["読み取れないときは、この文字を入力してください：", "Or type this secret:"],
  "first.totp.confirm": ["確認する", "Confirm"],
  "first.totp.codes": [
    "回復用の番号です。認証アプリをなくしたときに一つずつ使えます。紙に書いて、鍵のかかる場所に置いてください。",
    "Recovery codes, each good once if you lose your authenticator. Keep them on paper, locked away.",
  ],
  "first.totp.kept": ["控えました。始める", "I have kept them. Begin"],

  "problem.offline": [
    "サーバーに届きません。入力したものは残っています。つながりしだい、もう一度お試しください。",
    "The server cannot be reached. What you typed is kept; try again once it is back.",
  ],
  "problem.wrong-password": [
    "利用者名かパスワードが違います。もう一度入力してください。",
    "The user name or the password is wrong.",
  ],
  "problem.wrong-code": [
    "数字が違うか、もう使われました。次の数字が出てから入れてください。",
    "This code is wrong or was used already; wait for the next one.",
  ],
  "problem.totp-required": ["認証アプリの数字も入れてください。", "Enter your authenticator's code, too."],
  "problem.too-many-tries": [
    "続けて間違えたため、{minutes}分ほど待ってからもう一度お試しください。",
    "Too many tries. Wait about {minutes} min, then try again.",
  ],
  "problem.account-disabled": [
    "この利用者は止められています。責任者に伝えてください。",
    "This account is disabled; tell your supervisor.",
  ],
  "problem.not-signed-in": [
    "ログインの時間が切れました。入力したものは残っています。もう一度ログインしてください。",
    "You were signed out. What you typed is kept; sign in again.",
  ],
  "problem.csrf": [
    "この画面は古くなりました。画面を読み込み直してください。",
    "This page is out of date; load it again.",
  ],
  "problem.unavailable": [
    "データベースにつながりません。通話は続けられます。入力したものは残っています。少し待ってからもう一度お試しください。",
    "The database cannot be reached. Calls go on and what you typed is kept; try again in a moment.",
  ],
  "problem.not-allowed": ["この操作をする権限がありません。", "Your role may not do this."],
  "problem.fault": [
    "サーバーで問題が起きました。入力したものは残っています。続くときは責任者に伝えてください。",
    "Something went wrong on the server. What you typed is kept; tell your supervisor if it goes on.",
  ],
  "problem.too-late": [
    "元に戻せる時間（1分）が過ぎています。もう元に戻せません。",
    "It is too late: commands can be taken back for a minute.",
  ],
  "problem.other": ["できませんでした（{detail}）。", "That did not work ({detail})."],
};
