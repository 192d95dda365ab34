import { describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/client";
import { differences, isOvertaken, written } from "@/console/tickets/conflict";

import { step, ticket } from "./fakes";

const refused = (error: string): ApiProblem => new ApiProblem(409, error, "刚被别人更新过");

describe("a refusal", () => {
  it.each(["ticket_changed_meanwhile", "assignee_changed", "step_taken", "step_not_current", "step_not_open", "ticket_already_closed"])("%s means somebody was faster", (error) => {
    expect(isOvertaken(refused(error))).toBe(true);
  });

  it.each(["form_data_invalid", "not_allowed", "link_held"])("%s does not", (error) => {
    expect(isOvertaken(refused(error))).toBe(false);
  });

  it("of another kind does not", () => {
    expect(isOvertaken(new Error("step_taken"))).toBe(false);
  });
});

describe("two versions of a ticket", () => {
  it("differ in nothing when only their number grew", () => {
    expect(differences(ticket({ version: 1 }), ticket({ version: 2 }))).toEqual([]);
  });

  it("are told apart by what people look at", () => {
    const now = ticket({ priority: "urgent", open_steps: [step({ assignee: "lead" })] });
    expect(differences(ticket(), now)).toEqual([
      { name: "priority", seen: "normal", now: "urgent" },
      { name: "steps", seen: "受理", now: "受理（lead）" },
    ]);
  });

  it("take something for nothing as a difference", () => {
    expect(differences(ticket({ due_at: null }), ticket({ due_at: "2026-11-22T08:00:00Z" }))).toEqual([{ name: "due_at", seen: "", now: "2026-11-22T08:00:00Z" }]);
  });

  it("have the lines written since", () => {
    const line = (what: string): ReturnType<typeof ticket>["changes"][number] => ({ at: "2026-11-22T01:00:00Z", by: "lead", what, facts: {} as Record<string, never>, answers: [] });
    const [seen, now] = [ticket({ changes: [line("opened")] }), ticket({ changes: [line("opened"), line("assigned")] })];
    expect(written(seen, now).map((each) => each.what)).toEqual(["assigned"]);
  });
});
