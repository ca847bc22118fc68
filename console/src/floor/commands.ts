// Every command of the floor: what it says before it is done, how it is done, and how it is taken back.

import type { Agent, Call, Mode, Queue, Reason } from "../core/shapes";
import { t } from "../core/words";
import type { Floor } from "./floor";

export interface Command {
  label: string;
  says: string;
  act: () => Promise<unknown>;
  /** Missing where the world does not allow it. */
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
  const set = (wanted: Mode) => floor.api.send("POST", supervision(call.id), { mode: wanted });
  const undo = before ? () => set(before) : leaving(floor, call);
  return {
    label: t(`mode.${mode}`),
    says: before ? says : `${says}${t("mode.rings")}`,
    act: async () => {
      await set(mode);
      if (!before) floor.pickUp();
    },
    ...(mode === "takeover" ? {} : { undo }),
  };
}

export function leave(floor: Floor, call: Call): Command {
  return { label: t("mode.leave"), says: t("say.leave"), act: leaving(floor, call) };
}

function leaving(floor: Floor, call: Call): () => Promise<unknown> {
  return () => floor.api.send("DELETE", supervision(call.id));
}

export function toFront(floor: Floor, call: Call): Command {
  const queue = floor.queues.get(call.queue ?? "")?.title ?? "";
  return {
    label: t("line.first"),
    says: t("say.first", { caller: call.caller_written ?? "", queue }),
    act: () => floor.api.send("POST", `/api/calls/${encodeURIComponent(call.id)}/move`, { first: true }),
  };
}

export function moveTo(floor: Floor, call: Call, queue: Queue): Command {
  const path = `/api/calls/${encodeURIComponent(call.id)}/move`;
  const from = call.queue;
  return {
    label: `${t("line.move")}（${queue.title}）`,
    says: t("say.move", { caller: call.caller_written ?? "", queue: queue.title }),
    act: () => floor.api.send("POST", path, { queue: queue.name }),
    ...(from ? { undo: () => floor.api.send("POST", path, { queue: from }) } : {}),
  };
}

/** Set what somebody is doing; the state before comes back with undo where a person could have set it. */
export function setState(floor: Floor, agent: Agent, state: Agent["state"], reason?: Reason): Command {
  const values = { name: agent.title, reason: reason?.title ?? "" };
  const path = `/api/agents/${encodeURIComponent(agent.name)}/state`;
  const set = (wanted: string, why?: string | null) =>
    floor.api.send("POST", path, { state: wanted, ...(why ? { reason: why } : {}) });
  const { state: before, reason: why } = agent;
  const settable = before === "ready" || before === "paused" || before === "logged-out";
  return {
    label: `${agent.title}：${t(`do.${state}`, values)}`,
    says: t(`say.${state}`, values),
    act: () => set(state, reason?.name),
    ...(settable ? { undo: () => set(before, why) } : {}),
  };
}
