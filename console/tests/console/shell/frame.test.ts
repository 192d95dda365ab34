// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h, ref } from "vue";

import { useDesk } from "../../../src/console/desk/store";
import ErrorBoundary from "../../../src/console/shell/ErrorBoundary.vue";
import { bindings, onKey, useKeys } from "../../../src/console/shell/keys";
import { useSession } from "../../../src/console/shell/session";
import { useToasts } from "../../../src/console/shell/toasts";
import ToastStack from "../../../src/console/shell/ToastStack.vue";
import TopBar from "../../../src/console/shell/TopBar.vue";
import { row } from "../fakes/made";
import { freshHouse, shown, tid } from "../fakes/mounted";

enableAutoUnmount(afterEach);

const linksOf = (permissions: string[]): string[] => {
  freshHouse({ permissions });
  return shown(TopBar).findAll(".yw-nav-link:not(.yw-nav-account)").map((link) => link.attributes("data-testid") ?? "");
};

describe("the bar at the top", () => {
  beforeEach(() => freshHouse());

  it("shows the pages one may open, and no others", () => {
    expect(linksOf(["talk", "tickets"])).toEqual(["nav-desk", "nav-tickets"]);
    expect(linksOf(["train", "own"])).toEqual([]);
    expect(linksOf(["manage"])).toEqual(["nav-processes", "nav-rules", "nav-forms"]);
  });

  it("shows presence and the line only to those who talk to customers", () => {
    expect(shown(TopBar).find(tid("presence")).exists()).toBe(true);
    freshHouse({ permissions: ["manage"] });
    const bar = shown(TopBar);
    expect([bar.find(tid("presence")).exists(), bar.find(tid("connection")).exists()]).toEqual([false, false]);
  });

  it("counts what is unread beside the desk", () => {
    const desk = useDesk();
    desk.username = "me";
    desk.putRow(row("a", { owner: "agent", agent: "me", unread: 3 }));
    expect(shown(TopBar).find(`${tid("nav-desk")} .yw-count`).text()).toBe("3");
  });

  it("says when the line is down", () => {
    useDesk().link = "offline";
    expect(shown(TopBar).find(tid("connection")).text()).toBe("连接断开，正在重连");
  });

  it("keeps somebody signed in when signing out failed, and says so", async () => {
    vi.spyOn(useSession(), "signOut").mockRejectedValue(new Error("no"));
    await shown(TopBar).find(tid("sign-out")).trigger("click");
    await flushPromises();
    expect(useSession().me).not.toBeNull();
    expect(useToasts().list).toHaveLength(1);
  });
});

describe("toasts", () => {
  it("bring their undo along", async () => {
    freshHouse();
    const undo = vi.fn();
    useToasts().say("已接待 王芳", { undo });
    await shown(ToastStack).find(tid("toast-undo")).trigger("click");
    expect(undo).toHaveBeenCalledTimes(1);
    expect(useToasts().list).toEqual([]);
  });
});

describe("a page that breaks", () => {
  it("is caught, and can be tried again", async () => {
    freshHouse();
    const breaks = ref(true);
    const Page = defineComponent(() => () => {
      if (breaks.value) throw new Error("broken");
      return h("p", "works");
    });
    const Frame = defineComponent(() => () => h(ErrorBoundary, () => h(Page)));
    const frame = shown(Frame);
    await flushPromises();
    expect(frame.find(tid("error-boundary")).exists()).toBe(true);
    breaks.value = false;
    await frame.findAll(`${tid("error-boundary")} button`)[1]?.trigger("click");
    expect(frame.text()).toBe("works");
  });
});

describe("keys of a component", () => {
  it("work while it is there, and not afterwards", () => {
    freshHouse();
    const act = vi.fn();
    const Page = defineComponent(() => {
      useKeys([{ combo: "y", label: "", group: "", act }]);
      return () => h("p");
    });
    const page = shown(Page);
    const press = (): void => onKey(new KeyboardEvent("keydown", { key: "y", code: "KeyY", cancelable: true }));
    press();
    page.unmount();
    press();
    expect(act).toHaveBeenCalledTimes(1);
    expect(bindings).toEqual([]);
  });
});
