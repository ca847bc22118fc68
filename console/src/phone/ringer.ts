// Says that a call is waiting: a soft two-tone ring, the tab's title, and a notification when the page is hidden.

import { t } from "../core/words";

const RING_EVERY_MS = 2_400;
const TONES = [
  { at: 0, hertz: 660 },
  { at: 0.22, hertz: 880 },
];
const LOUDNESS = 0.12;

export class Ringer {
  private sound: AudioContext | null = null;
  private timer = 0;
  private title = "";
  private told: Notification | null = null;

  start(who: string): void {
    if (this.timer) return;
    this.title = document.title;
    document.title = `● ${t("call.incoming")} ${who}`;
    this.sound ??= new AudioContext();
    void this.sound.resume();
    this.ring();
    this.timer = window.setInterval(() => this.ring(), RING_EVERY_MS);
    if (document.hidden && "Notification" in window && Notification.permission === "granted") {
      this.told = new Notification(t("call.incoming"), { body: who, tag: "madoguchi-offer" });
      this.told.onclick = () => window.focus();
    }
  }

  stop(): void {
    if (!this.timer) return;
    window.clearInterval(this.timer);
    this.timer = 0;
    document.title = this.title;
    this.told?.close();
    this.told = null;
  }

  private ring(): void {
    const sound = this.sound;
    if (!sound) return;
    for (const { at, hertz } of TONES) {
      const [tone, gain] = [
        new OscillatorNode(sound, { frequency: hertz }),
        new GainNode(sound, { gain: 0 }),
      ];
      const start = sound.currentTime + at;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
      gain.gain.linearRampToValueAtTime(0, start + 0.2);
      tone.connect(gain).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.22);
    }
  }
}
