// HTTP: JSON in, JSON out, errors as sentences. Knows no page.

import type { FieldFault, Session, Slot } from "./shapes";
import { t } from "./words";

/** What went wrong, in words for the person in front of the page. *code* is the server's, or "offline". */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: FieldFault[] = [],
    readonly next: Slot | null = null,
    readonly findings: unknown = null,
  ) {
    super(message);
  }
}

interface ProblemBody {
  findings?: unknown;
  code?: string;
  detail?: string;
  errors?: FieldFault[];
  next?: Slot | null;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Query = Record<string, string | number | undefined>;

/** The code of a problem when no answer came at all. */
export const OFFLINE = "offline";

const PATIENCE_MS = 15_000;
const LONG_PATIENCE_MS = 180_000;
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;

export class Api {
  session: Session | null = null;
  /** Called when the server does not know us any more. */
  onSignedOut: () => void = () => undefined;

  get<T>(path: string, query: Query = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.ask<T>("GET", text ? `${path}?${text}` : path);
  }

  /** With *key* the request may be sent again and has one effect. */
  send<T>(method: Method, path: string, body?: unknown, key?: string): Promise<T> {
    return this.ask<T>(method, path, body ?? {}, key);
  }

  /** Give a command of the floor; returns what takes it back, where that can be. */
  async command(method: Method, path: string, body: unknown): Promise<string | null> {
    return (await this.reach(method, path, body)).headers.get("Madoguchi-Undo");
  }

  /** For what takes the server minutes, such as publishing. */
  sendSlow<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>("POST", path, body, undefined, LONG_PATIENCE_MS);
  }

  private async ask<T>(
    method: Method,
    path: string,
    body?: unknown,
    key?: string,
    patience = PATIENCE_MS,
  ): Promise<T> {
    const answer = await this.reach(method, path, body, key, patience);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** Ask, and return an answer that is good. */
  private async reach(
    method: Method,
    path: string,
    body?: unknown,
    key?: string,
    patience = PATIENCE_MS,
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    if (this.session) headers["X-CSRF-Token"] = this.session.csrf_token;
    const answer = await this.sent(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    if (!answer.ok) throw await this.problem(answer, path);
    return answer;
  }

  private async sent(path: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(path, request);
    } catch {
      throw new Problem(0, OFFLINE, t("problem.offline"));
    }
  }

  private async problem(answer: Response, path: string): Promise<Problem> {
    const body = (await answer.json().catch(() => ({}))) as ProblemBody;
    const code = body.code ?? String(answer.status);
    if (code === "not-signed-in" && path !== "/api/session") this.onSignedOut();
    return new Problem(
      answer.status,
      code,
      sentence(code, body, answer),
      body.errors,
      body.next ?? null,
      body,
    );
  }
}

/** Ours for what the server says in English; the server's own where it speaks Japanese. */
function sentence(code: string, body: ProblemBody, answer: Response): string {
  const wait = Number(answer.headers.get("Retry-After") ?? 0);
  const known = t(`problem.${code}`, { minutes: Math.ceil(wait / 60) });
  if (known) return known;
  const detail = body.detail ?? "";
  return JAPANESE.test(detail) ? detail : t("problem.other", { detail: detail || String(answer.status) });
}
