// What operations staff look at and change: how the parts are, the configuration as it is edited here, its
// versions. Components show it and call it. What is typed is kept in this browser until it is published.

import { type Api, Problem } from "../core/api";
import { Watched } from "../core/watching";
import { t } from "../core/words";
import type {
  Applied,
  Config,
  Differences,
  Files,
  Finding,
  Mistake,
  Replay,
  Status,
  Version,
} from "./shapes";

export const CENTRE = "centre.toml";
const KEPT = "madoguchi.config-draft";
const CHECK_AFTER_MS = 600;
const LOOK_EVERY_MS = 10_000;

interface Draft {
  base: number;
  files: Files;
}

export interface Said {
  level: "info" | "problem";
  text: string;
}

export class Operations extends Watched {
  status: Status | null = null;
  findings: Finding[] | null = null;
  config: Config | null = null;
  draft: Draft | null = null;
  mistakes: Mistake[] | null = null;
  differences: Differences | null = null;
  replayed: Replay | null = null;
  versions: Version[] = [];
  said: Said | null = null;
  busy = "";
  needsRestart = false;
  private looking = 0;
  private checking = 0;
  private asked = 0;

  constructor(readonly api: Api) {
    super();
  }

  start(): void {
    this.looking = window.setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
    void this.examine();
    void this.load();
  }

  stop(): void {
    window.clearInterval(this.looking);
    window.clearTimeout(this.checking);
  }

  // --- how the parts are ---

  private look(): Promise<void> {
    return this.attempt("", async () => {
      this.status = await this.api.get<Status>("/api/status");
    });
  }

  examine(): Promise<void> {
    return this.attempt("doctor", async () => {
      this.findings = (await this.api.get<{ findings: Finding[] }>("/api/doctor")).findings;
    });
  }

  // --- the draft ---

  async load(): Promise<void> {
    await this.attempt("", async () => {
      this.config = await this.api.get<Config>("/api/config");
      this.versions = (await this.api.get<{ versions: Version[] }>("/api/config/versions")).versions;
    });
    if (!this.config || this.draft) return;
    const { version, edited } = this.config;
    this.draft = read() ?? { base: version, files: { [CENTRE]: edited.centre, ...edited.custom } };
    void this.check();
  }

  /** Whether the draft says something else than what is in force. */
  get differs(): boolean {
    const { config, draft } = this;
    if (!config || !draft) return false;
    const now: Files = { [CENTRE]: config.centre, ...config.custom };
    return JSON.stringify(sorted(now)) !== JSON.stringify(sorted(draft.files));
  }

  /** Somebody published after this draft was begun. */
  get outdated(): boolean {
    return this.config !== null && this.draft !== null && this.draft.base !== this.config.version;
  }

  edit(file: string, text: string): void {
    const { draft } = this;
    if (!draft || draft.files[file] === text) return;
    draft.files[file] = text;
    localStorage.setItem(KEPT, JSON.stringify(draft));
    this.differences = this.replayed = this.said = null;
    this.changed();
    window.clearTimeout(this.checking);
    this.checking = window.setTimeout(() => void this.check(), CHECK_AFTER_MS);
  }

  /** Begin anew with what is in force. */
  discard(): void {
    const { config } = this;
    if (!config) return;
    this.draft = { base: config.version, files: { [CENTRE]: config.centre, ...config.custom } };
    localStorage.removeItem(KEPT);
    this.differences = this.replayed = this.said = null;
    this.needsRestart = false;
    this.changed();
    void this.check();
  }

  /** Look for mistakes in the text alone; Asterisk tries it when it is published. */
  private async check(): Promise<void> {
    const mine = ++this.asked;
    await this.attempt("", async () => {
      const wish = { ...this.texts(), trial: false };
      const { findings } = await this.api.send<{ findings: Mistake[] }>("POST", "/api/config/check", wish);
      if (mine === this.asked) this.mistakes = findings;
    });
  }

  // --- before and after publishing ---

  compare(): Promise<void> {
    return this.attempt("diff", async () => {
      this.differences = await this.api.send<Differences>("POST", "/api/config/diff", this.texts());
    });
  }

  replay(): Promise<void> {
    return this.attempt("replay", async () => {
      this.replayed = await this.api.sendSlow<Replay>("/api/config/replay", this.texts());
    });
  }

  publish(why: string): Promise<void> {
    return this.attempt("apply", async () => {
      const wish = { ...this.texts(), why, base: this.draft?.base, restart_controller: this.needsRestart };
      const done = await this.api.sendSlow<Applied>("/api/config/apply", wish);
      localStorage.removeItem(KEPT);
      this.draft = null;
      this.differences = this.replayed = null;
      this.needsRestart = false;
      await this.load();
      this.said = { level: "info", text: published(done) };
    });
  }

  rollBack(version: number, why: string): Promise<void> {
    return this.attempt("rollback", async () => {
      const done = await this.api.sendSlow<Applied>("/api/config/rollback", { version, why });
      if (!this.differs) this.draft = null;
      await this.load();
      this.said = { level: "info", text: published(done) };
    });
  }

  /** How *version* differs from the one before it: file → unified diff. */
  async difference(version: number): Promise<Files> {
    return (await this.api.get<{ difference: Files }>(`/api/config/versions/${version}`)).difference;
  }

  private texts(): { centre: string; custom: Files } {
    const { [CENTRE]: centre = "", ...custom } = this.draft?.files ?? {};
    return { centre, custom };
  }

  /** Do it; *busy* says meanwhile what. What goes wrong is said, and nothing that was typed is touched. */
  private async attempt(busy: string, act: () => Promise<void>): Promise<void> {
    if (busy) {
      this.busy = busy;
      this.said = null;
      this.changed();
    }
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.refused(error);
    } finally {
      if (busy) this.busy = "";
      this.changed();
    }
  }

  private refused(problem: Problem): void {
    if (problem.code === "needs-restart") this.needsRestart = true;
    if (Array.isArray(problem.findings)) this.mistakes = problem.findings as Mistake[];
    this.said = { level: "problem", text: t(`config.${problem.code}`) || problem.message };
  }
}

function published(done: Applied): string {
  const later = done.at_next_start.length
    ? t("config.at-next-start", { files: done.at_next_start.join("、") })
    : "";
  return `${t("config.published", { version: done.version })}${done.restarts ? t("config.restarts") : ""}${later}`;
}

function sorted(files: Files): [string, string][] {
  return Object.entries(files).sort(([a], [b]) => a.localeCompare(b));
}

function read(): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}
