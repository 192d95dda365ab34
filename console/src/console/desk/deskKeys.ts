import { useKeys } from "../shell/keys";
import { useSession } from "../shell/session";
import { decline, take, takeOver } from "./deeds";
import { neighbour } from "./rows";
import { type Mode, useDesk } from "./store";

const GROUP = "desk.keys.title";

type Go = (id: string | null) => void;

/** Every key of the desk. A plain letter outside of fields; with Alt while writing, too. */
export function useDeskKeys(go: Go): void {
  const both = (letter: string, label: string, act: () => void) => [
    { combo: letter, label, group: GROUP, act },
    { combo: `alt+${letter}`, label, group: GROUP, act },
  ];
  const step = (by: 1 | -1) => (): void => {
    const desk = useDesk();
    go(neighbour(desk.lists, desk.current, by) ?? desk.current);
  };
  useKeys([
    { combo: "j", label: "desk.keys.next", group: GROUP, act: step(1) },
    { combo: "alt+arrowdown", label: "desk.keys.next", group: GROUP, act: step(1) },
    { combo: "k", label: "desk.keys.previous", group: GROUP, act: step(-1) },
    { combo: "alt+arrowup", label: "desk.keys.previous", group: GROUP, act: step(-1) },
    ...both("t", "desk.keys.take", () => void takeNext(go)),
    { combo: "d", label: "desk.keys.decline", group: GROUP, act: declineOffer },
    { combo: "r", label: "desk.keys.write", group: GROUP, act: () => write("reply") },
    ...both("n", "desk.keys.note", () => write(useDesk().mode === "note" ? "reply" : "note")),
    ...both("w", "desk.keys.whisper", () => write("whisper")),
    ...both("x", "desk.keys.transfer", () => openDialog("transfer")),
    ...both("g", "desk.keys.give_back", () => openDialog("give_back")),
    ...both("c", "desk.keys.close", () => openDialog("close")),
    { combo: "o", label: "desk.keys.take_over", group: GROUP, act: () => void takeOverCurrent() },
    { combo: "/", label: "desk.keys.search", group: GROUP, act: () => focus("search") },
    ...[1, 2, 3].map((number) => ({
      combo: `alt+${number}`, label: "desk.keys.suggestion", group: GROUP, act: () => insert(number - 1),
    })),
  ]);
}

/** Take what is open, if it may be taken; else the offer to me, or who waits longest. */
export async function takeNext(go: Go): Promise<void> {
  const desk = useDesk();
  const open = desk.row;
  const wanted = open?.owner === "queue" || open?.owner === "bot" ? open : desk.lists.waiting[0];
  if (wanted === undefined) return;
  go(wanted.id);
  if (await take(wanted.id)) write("reply");
}

function declineOffer(): void {
  const desk = useDesk();
  const offer = desk.lists.waiting.find(({ offered_to }) => offered_to === desk.username);
  if (offer !== undefined) void decline(offer.id);
}

async function takeOverCurrent(): Promise<void> {
  const desk = useDesk();
  if (desk.current === null || desk.isMine || !useSession().may("lead")) return;
  await takeOver(desk.current);
}

export function write(mode: Mode): void {
  const desk = useDesk();
  if (desk.current === null || (mode === "whisper" && !useSession().may("lead"))) return;
  desk.write(desk.current, { mode });
  requestAnimationFrame(() => focus("composer"));
}

export function openDialog(dialog: "transfer" | "give_back" | "close"): void {
  const desk = useDesk();
  if (desk.isMine) desk.dialog = dialog;
}

/** Put an offered answer into the composer, where it can still be changed. */
export function insert(index: number): void {
  const desk = useDesk();
  const offered = desk.suggestions[desk.current ?? ""]?.[index];
  if (desk.current === null || offered === undefined) return;
  const before = desk.draft(desk.current).text;
  desk.write(desk.current, { text: before === "" ? offered.text : `${before}\n${offered.text}`, mode: "reply" });
  requestAnimationFrame(() => focus("composer"));
}

function focus(testid: string): void {
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.focus();
}
