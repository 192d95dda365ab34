import { beforeEach, expect, it, vi } from "vitest";
import { effect, nextTick, stop } from "vue";

import { forgetPeople, nameOf } from "@/console/office/people";

const asked = vi.fn();

vi.mock("@/api/client", async (original) => ({
  ...(await original<typeof import("@/api/client")>()),
  api: { GET: (path: string) => asked(path) },
  answered: (answer: Promise<unknown>) => answer,
}));

beforeEach(() => {
  asked.mockReset();
  forgetPeople();
});

it("calls people by their names as soon as the house has told them, asked once", async () => {
  asked.mockResolvedValue([{ username: "lead", display_name: "林组长" }, { username: "bare", display_name: "" }]);
  const shown: string[] = [];
  const watched = effect(() => shown.push(nameOf("lead")));
  expect(shown).toEqual(["lead"]);
  await vi.waitFor(() => expect(shown.at(-1)).toBe("林组长"));
  stop(watched);
  expect([nameOf("bare"), nameOf("stranger")]).toEqual(["bare", "stranger"]);
  expect(asked.mock.calls).toEqual([["/api/presence"]]);
});

it("keeps to usernames where the house does not tell", async () => {
  asked.mockRejectedValue(new Error("away"));
  expect(nameOf("lead")).toBe("lead");
  await nextTick();
  expect(nameOf("lead")).toBe("lead");
});
