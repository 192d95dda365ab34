import { ApiProblem } from "@/api/client";

import { i18n } from "../i18n";
import { detailOf } from "../shell/problems";
import { useToasts } from "../shell/toasts";
import * as asking from "./asking";
import { useDesk } from "./store";
import type { Row } from "./types";

const t = (word: string, facts: Record<string, string> = {}): string => i18n.global.t(`desk.deed.${word}`, facts);

/** Do at once on the page what the server is asked to do; take it back when it refuses. */
async function done(id: string, change: Partial<Row>, ask: (epoch: number) => Promise<Row>): Promise<boolean> {
  const desk = useDesk();
  const before = desk.rows[id];
  if (before === undefined) return false;
  useToasts().outdate(id);
  desk.changeRow(id, { ...change, owner_epoch: before.owner_epoch + 1 });
  const promised = desk.rows[id];
  try {
    const row = await ask(before.owner_epoch);
    if (desk.rows[id] === promised) desk.forceRow(row);
    else desk.putRow(row);
    return true;
  } catch (problem) {
    if (desk.rows[id] === promised) desk.forceRow(before);
    useToasts().say(detailOf(problem), { tone: "bad" });
    if (problem instanceof ApiProblem && problem.status === 409) await refresh(id);
    return false;
  }
}

/** Ask how a conversation stands now. */
export async function refresh(id: string): Promise<void> {
  const row = await asking.talk(id).catch(() => null);
  if (row !== null) useDesk().forceRow(row);
}

const nameOf = (id: string): string => useDesk().rows[id]?.customer.name ?? "";

function mine(): Partial<Row> {
  const { username } = useDesk();
  return { owner: "agent", agent: username, agent_name: null, offered_to: null, offered_until: null };
}

export async function take(id: string): Promise<boolean> {
  const toBeUndone = useDesk().rows[id]?.owner === "queue";
  const isDone = await done(id, mine(), (epoch) => asking.take(id, epoch));
  const way = toBeUndone ? { about: id, undo: () => void putBack(id) } : {};
  if (isDone) useToasts().say(t("taken", { name: nameOf(id) }), { tone: "good", ...way });
  return isDone;
}

export async function takeOver(id: string): Promise<boolean> {
  const isDone = await done(id, mine(), (epoch) => asking.takeOver(id, epoch));
  if (isDone) useToasts().say(t("taken", { name: nameOf(id) }), { tone: "good" });
  return isDone;
}

export async function decline(id: string): Promise<boolean> {
  return done(id, { offered_to: null, offered_until: null }, (epoch) => asking.decline(id, epoch));
}

export async function putBack(id: string): Promise<boolean> {
  const change: Partial<Row> = { owner: "queue", agent: null, agent_name: null };
  const isDone = await done(id, change, (epoch) => asking.putBack(id, epoch));
  if (isDone) useToasts().say(t("put_back"));
  return isDone;
}

export async function transfer(id: string, goal: asking.Goal, label: string): Promise<boolean> {
  const change: Partial<Row> = goal.to_agent === null
    ? { owner: "queue", agent: null, agent_name: null }
    : { agent: goal.to_agent, agent_name: label };
  const isDone = await done(id, change, (epoch) => asking.transfer(id, epoch, goal));
  if (isDone) useToasts().say(t("transferred", { to: label }), { tone: "good" });
  return isDone;
}

/** The bot goes on; who gave the conversation back by mistake takes it again. */
export async function giveBack(id: string, agreed: string): Promise<boolean> {
  const change: Partial<Row> = { owner: "bot", agent: null, agent_name: null };
  const isDone = await done(id, change, (epoch) => asking.giveBack(id, epoch, agreed));
  if (isDone) useToasts().say(t("given_back"), { tone: "good", about: id, undo: () => void take(id) });
  return isDone;
}

export async function close(id: string, agreed: string): Promise<boolean> {
  const change: Partial<Row> = { owner: "closed", agent: null, agent_name: null };
  const isDone = await done(id, change, (epoch) => asking.close(id, epoch, agreed));
  if (isDone) useToasts().say(t("closed"), { tone: "good" });
  return isDone;
}
