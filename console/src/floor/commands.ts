// Every command of the floor: what it says before it is done, and how it is done. Most are taken back by the
// server (ADR 26); what changes who is on a call is taken back by the page.

import type { Agent, Call, Mode, Queue, Reason } from "../core/shapes";
import { t } from "../core/words";
import type { Floor } from "./floor";

export interface Command {
  label: string;
  says: string;
  /** Returns what takes it back at the server, where that can be. */
  act: () => Promise<string | null>;
  /** How the page takes it back, where the server does not. */
  undo?: () => Promise<unknown>;
}

export const MODES: readonly Mode[] = ["listen", "whisper", "barge", "takeover"];

function supervision(call: string): string {
  return `/api/calls/${encodeURIComponent(call)}/supervision`;
}

/** Be on the call of *agent* in *mode*. What was before comes back with undo; a takeover stays. */
export function join(floor: Floor, agent: Agent, call: Call, mode: Mode): Command {
  const before = floor.myMode(call);
  const says = t(`say.${mode}`, { name: agent.title });
  const set = (wanted: Mode) => floor.api.command("POST", supervision(call.id), { mode: wanted });
  const undo = before ? () => set(before) : leaving(floor, call);
  return {
    label: t(`mode.${mode}`),
    says: before ? says : `${says}${t("mode.rings")}`,
    act: async () => {
      const token = await set(mode);
      if (!before) floor.pickUp();
      return token;
    },
    ...(mode === "takeover" ? {} : { undo }),
  };
}

export function leave(floor: Floor, call: Call): Command {
  return { label: t("mode.leave"), says: t("say.leave"), act: leaving(floor, call) };
}

function leaving(floor: Floor, call: Call): () => Promise<string | null> {
  return () => floor.api.command("DELETE", supervision(call.id), {});
}

export function toFront(floor: Floor, call: Call): Command {
  const queue = floor.queues.get(call.queue ?? "")?.title ?? "";
  return {
    label: `${call.caller_written ?? ""}：${t("line.first")}`,
    says: t("say.first", { caller: call.caller_written ?? "", queue }),
    act: () => floor.api.command("POST", `/api/calls/${encodeURIComponent(call.id)}/move`, { first: true }),
  };
}

export function moveTo(floor: Floor, call: Call, queue: Queue): Command {
  const path = `/api/calls/${encodeURIComponent(call.id)}/move`;
  return {
    label: `${call.caller_written ?? ""}：${t("line.move")}（${queue.title}）`,
    says: t("say.move", { caller: call.caller_written ?? "", queue: queue.title }),
    act: () => floor.api.command("POST", path, { queue: queue.name }),
  };
}

/** Set what somebody is doing. */
export function setState(floor: Floor, agent: Agent, state: Agent["state"], reason?: Reason): Command {
  const values = { name: agent.title, reason: reason?.title ?? "" };
  const path = `/api/agents/${encodeURIComponent(agent.name)}/state`;
  return {
    label: `${agent.title}：${t(`do.${state}`, values)}`,
    says: t(`say.${state}`, values),
    act: () => floor.api.command("POST", path, { state, ...(reason ? { reason: reason.name } : {}) }),
  };
}
