import { describe, expect, it } from "vitest";

import { columnsOf, dueOf, isLate, NO_STEP, orderOf } from "@/console/tickets/board";

import { row, step } from "./fakes";

const NOW = new Date("2026-11-22T06:00:00Z");
const LATE = "2026-11-22T05:00:00Z";

describe("the board", () => {
  it("has no columns without tickets", () => {
    expect(columnsOf([], ["accept"], NOW)).toEqual([]);
  });

  it("puts tickets into the columns of their steps, in the order of the process", () => {
    const rows = [row(1, { open_steps: [step({ step: "close", label: "完成" })] }), row(2), row(3)];
    const columns = columnsOf(rows, ["accept", "close"], NOW);
    expect(columns.map((column) => [column.key, column.label, column.cards.length])).toEqual([["accept", "受理", 2], ["close", "完成", 1]]);
  });

  it("shows a ticket with two branches in both columns", () => {
    const both = row(1, { open_steps: [step({ step: "warehouse" }), step({ id: 2, step: "statement" })] });
    expect(columnsOf([both], [], NOW).map((column) => column.cards[0]?.ticket.ticket_no)).toEqual([both.ticket_no, both.ticket_no]);
  });

  it("keeps tickets nobody has anything to do about at the end", () => {
    const columns = columnsOf([row(1, { open_steps: [] }), row(2)], ["accept"], NOW);
    expect(columns.map((column) => column.key)).toEqual(["accept", NO_STEP]);
    expect(columns[1]?.cards[0]?.step).toBeNull();
  });

  it("puts steps it does not know behind those it knows", () => {
    const rows = [row(1, { open_steps: [step({ step: "strange" })] }), row(2, { open_steps: [] }), row(3)];
    expect(columnsOf(rows, ["accept"], NOW).map((column) => column.key)).toEqual(["accept", "strange", NO_STEP]);
  });

  it("counts what is late and what nobody has", () => {
    const rows = [row(1, { open_steps: [step({ due_at: LATE })] }), row(2, { open_steps: [step({ assignee: "anna" })] }), row(3, { due_at: LATE })];
    const [column] = columnsOf(rows, [], NOW);
    expect([column?.late, column?.unassigned]).toEqual([2, 2]);
  });

  it("takes the step's time before the ticket's", () => {
    expect(dueOf({ ticket: row(1, { due_at: "t" }), step: step({ due_at: "s" }) })).toBe("s");
    expect(dueOf({ ticket: row(1, { due_at: "t" }), step: null })).toBe("t");
    expect(isLate(null, NOW)).toBe(false);
  });

  it("orders the steps of several processes, each once", () => {
    expect(orderOf([["accept", "close"], ["accept", "quote", "close"]])).toEqual(["accept", "close", "quote"]);
  });
});
