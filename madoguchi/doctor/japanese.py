"""The doctor's sentences in Japanese, by the English ones, with the same places for values.

What other programs say (``{error}``, ``{why}``, ``{missing}``) stays as it is. A test finds every sentence
that is said somewhere and is missing here, and every one here that nobody says.
"""

from collections.abc import Mapping

JAPANESE: Mapping[str, str] = {
    "": "",
    "{error}": "{error}",
    # asterisk
    "It does not answer ({error}).": "応答がありません（{error}）。",
    "It does not tell its version.": "版を答えません。",
    "Version {version} has published holes.": "{version} 版には、公表されている弱点があります。",
    "Version {version} answers.": "{version} 版が応答しています。",
    "Look into asterisk.log (`make logs`); supervision starts it again if it ended.": (
        "asterisk.log（`make logs`）を見てください。止まったのなら、自動で再び起動します。"
    ),
    "Remove its root and run `make up`.": "その一式を消して `make up` を実行してください。",
    "Asterisk does not know it.": "Asterisk がこの回線を知りません。",
    "Publish it with `madoguchi config apply`.": "`madoguchi config apply` で公開してください。",
    "The carrier does not answer.": "電話会社から応答がありません。",
    "Look at the line to the carrier; the address is in centre.toml, [[trunks]].": (
        "電話会社との回線を確かめてください。相手のアドレスは centre.toml の [[trunks]] にあります。"
    ),
    "Asterisk takes its calls.": "この回線の着信を受けられます。",
    "Asterisk takes its calls, the carrier answers.": (
        "この回線の着信を受けられ、電話会社も応答しています。"
    ),
    "The carrier has taken it.": "電話会社に登録されています。",
    "The carrier has not taken it: nobody can call us through this trunk.": (
        "電話会社に登録されていません。この回線には、だれも電話をかけられません。"
    ),
    "Look at user and server in centre.toml, and the password in MADOGUCHI_HOME/trunks/{name}.secret.": (
        "centre.toml の利用者名とサーバー、MADOGUCHI_HOME/trunks/{name}.secret のパスワードを"
        "確かめてください。"
    ),
    "Registered, but silent: {phones}.": "登録されていますが、応答のない電話機があります：{phones}。",
    "Look at these phones and their network.": "その電話機とネットワークを確かめてください。",
    "No phone is registered.": "登録されている電話機がありません。",
    "Operators register with extension and password.": (
        "オペレーターの電話機を、内線番号とパスワードで登録してください。"
    ),
    "{count} phones are registered.": "電話機が {count} 台、登録されています。",
    # clock
    "The kernel does not say: {why}.": "時計の状態が分かりません（{why}）。",
    "Nobody keeps this machine's clock right.": "この機械の時計を合わせるものが動いていません。",
    "The clock is synchronised.": "時計は合わせられています。",
    "Install chrony or systemd-timesyncd; hours, callbacks and sign-in codes go by this clock.": (
        "chrony か systemd-timesyncd を入れてください。"
        "受付時間、折り返し、ログインの番号は、この時計によります。"
    ),
    # configuration, sounds, files
    "Correct {file}; `madoguchi config check` names every mistake.": (
        "{file} を直してください。誤りは `madoguchi config check` ですべて分かります。"
    ),
    "{file} is in order and in force.": "{file} に誤りはなく、このとおりに動いています。",
    "{file} is not what is in force.": "{file} は、公開中の内容と違います。",
    "Put it in force with `madoguchi config apply`, or take the change back.": (
        "`madoguchi config apply` で公開するか、変更を取り消してください。"
    ),
    "Every announcement can be played.": "案内の音声は、すべて流せます。",
    "{count} announcements are missing or empty: {names}.": (
        "案内の音声が {count} 個、ないか空です：{names}。"
    ),
    "Make them with `madoguchi sounds build`.": "`madoguchi sounds build` で作ってください。",
    "{free:.1f} GB of {total:.1f} are free below {home}.": (
        "{home} の空きは {total:.1f} GB のうち {free:.1f} GB です。"
    ),
    "No file can be made any more below {home}.": "{home} に、もうファイルを作れません。",
    "Make room: recordings first, then old logs; never journal/*.sqlite*.": (
        "録音、古いログの順に消して空けてください。journal/*.sqlite* は決して消さないでください。"
    ),
    "Passwords, recordings and spools are closed to others.": (
        "パスワード、録音、記録の一時置き場は、ほかの利用者には見えません。"
    ),
    "Other users can read {files}.": "ほかの利用者が読めるものがあります：{files}。",
    "Run: chmod go-rwx {files}": "実行してください：chmod go-rwx {files}",
    "{file} cannot be read ({error}).": "{file} を読めません（{error}）。",
    "Do not delete it; see docs/operations.md, restore.": (
        "消さないでください。docs/operations.md の restore を見てください。"
    ),
    "{depth} entries wait for the database.": "データベースに移すのを待つ記録が {depth} 件あります。",
    "Look whether worker and database run (`make status`); it empties by itself then.": (
        "worker とデータベースが動いているか、`make status` で確かめてください。動けば自然に空になります。"
    ),
    "The disaster mode is on: every call hears an announcement.": (
        "災害モードです。すべての電話に案内が流れています。"
    ),
    "End it with `madoguchi emergency off` when it is over.": (
        "終わったら `madoguchi emergency off` で戻してください。"
    ),
    "The disaster mode is off.": "災害モードではありません。",
    # programs, database, controller, certificate
    "Start the centre with `make up`; `make logs` says why a program ended.": (
        "`make up` で起動してください。止まった理由は `make logs` で分かります。"
    ),
    "Nothing runs in {home}.": "{home} では何も動いていません。",
    "Not running: {names}.": "動いていません：{names}。",
    "Look into `make logs`.": "`make logs` を見てください。",
    "Running: {names}.": "動いています：{names}。",
    "It cannot be reached ({why}).": "つながりません（{why}）。",
    "Start the database, or correct DATABASE_URL; calls go on and are carried over later.": (
        "データベースを起動するか、DATABASE_URL を直してください。通話は続き、記録はあとで移されます。"
    ),
    "PostgreSQL {version} answers.": "PostgreSQL {version} が応答しています。",
    "This machine and the database differ by {skew:.1f} s.": (
        "この機械とデータベースの時計の差は {skew:.1f} 秒です。"
    ),
    "Let both machines take their time from the same server (chrony or systemd-timesyncd).": (
        "両方の時計を、同じサーバーに合わせてください（chrony か systemd-timesyncd）。"
    ),
    "The database holds no centre.": "データベースの中身がありません。",
    "Start it with `make up`, or restore a backup.": (
        "`make up` で起動するか、バックアップから戻してください。"
    ),
    "The database has migrations that this version does not know: {numbers}.": (
        "データベースのほうが、この版より新しくなっています：{numbers}。"
    ),
    "Start the newer version, or restore the backup that was made before it.": (
        "新しい版を起動するか、その前のバックアップから戻してください。"
    ),
    "Migrations {numbers} are not applied.": "データベースの更新 {numbers} が、まだです。",
    "Apply them with `make up`.": "`make up` で更新してください。",
    "All {count} are applied.": "データベースの更新 {count} 個は、すべて済んでいます。",
    "It takes calls.": "電話を受けています。",
    "It takes no calls: {missing}": "電話を受けられません：{missing}",
    "It answers {code}.": "{code} を返しています。",
    "Look at what it names.": "書かれているものを確かめてください。",
    "It does not answer at {url} ({error}).": "{url} で応答がありません（{error}）。",
    "None is in use: MADOGUCHI_PUBLIC_URL names no https address.": (
        "使っていません（MADOGUCHI_PUBLIC_URL が https ではありません）。"
    ),
    "{url} cannot be trusted or reached ({error}).": "{url} は信頼できないか、つながりません（{error}）。",
    "It is good until {day}.": "{day} まで有効です。",
    "Renew the certificate of the proxy that stands in front.": (
        "手前に置いたプロキシの証明書を更新してください。"
    ),
}
