// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h, nextTick, ref } from "vue";

import { useFirst } from "@/console/office/choosing";

const { replace } = vi.hoisted(() => ({ replace: vi.fn() }));
vi.mock("vue-router", () => ({ useRouter: () => ({ replace }) }));

const chosen = ref("");
const first = ref<string | undefined>();
const page = (): ReturnType<typeof mount> => mount(defineComponent({ setup: () => { useFirst(() => chosen.value, () => first.value); return () => h("p"); } }));

describe("a list nobody has chosen from", () => {
  beforeEach(() => { chosen.value = ""; first.value = undefined; });
  afterEach(() => { replace.mockReset(); });

  it("opens its first as soon as there is one", async () => {
    page();
    expect(replace).not.toHaveBeenCalled();
    first.value = "/forms/accept";
    await nextTick();
    expect(replace.mock.calls).toEqual([["/forms/accept"]]);
  });

  it("leaves alone what was asked for by its address", async () => {
    chosen.value = "damage";
    first.value = "/processes/accept";
    page();
    await nextTick();
    expect(replace).not.toHaveBeenCalled();
  });
});
