// @vitest-environment happy-dom
import { flushPromises, mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import DropZone from "../../src/chat/components/DropZone.vue";
import FileCard from "../../src/chat/components/FileCard.vue";
import MessageBubble from "../../src/chat/components/MessageBubble.vue";
import PhotoGuide from "../../src/chat/components/PhotoGuide.vue";
import SurveyCard from "../../src/chat/components/SurveyCard.vue";
import UploadTray from "../../src/chat/components/UploadTray.vue";
import type { FileCard as Card } from "../../src/chat/card";
import type { FileLinks } from "../../src/chat/fileLinks";
import { LINKS } from "../../src/chat/links";
import type { Message } from "../../src/chat/message";
import type { MessageRow } from "../../src/chat/rows";
import type { Upload } from "../../src/chat/uploads";
import { message } from "./fakes";

const NOW = new Date("2026-11-22T06:30:00Z");
const PHOTO: Card = {
  type: "file", fileId: "f1", mediaType: "image/jpeg", size: 9, name: "a.jpg", width: 30, height: 20,
};

function row(shown: Message): MessageRow {
  const rest = { delivery: "sent", failure: null, startsRun: true, showsTime: true, replies: [], score: null } as const;
  return { kind: "message", key: "k", message: shown, ...rest };
}

const testid = (name: string): string => `[data-testid="${name}"]`;

describe("a survey in the chat", () => {
  it("is sent with stars and words, and not without stars", async () => {
    const card = mount(SurveyCard, { props: { card: { type: "survey", about: "ticket" }, score: null } });
    expect(card.find(testid("survey-send")).attributes("disabled")).toBeDefined();
    await card.find(testid("survey-star-4")).trigger("click");
    await card.find(testid("survey-remark")).setValue("挺快");
    await card.trigger("submit");
    expect(card.emitted("say")).toEqual([["评分 4 分：挺快"]]);
  });

  it("shows what was answered and takes no more", () => {
    const card = mount(SurveyCard, { props: { card: { type: "survey", about: "ticket" }, score: 2 } });
    expect(card.find(testid("survey-thanks")).text()).toContain("2 分");
    expect(card.find(testid("survey-star-5")).attributes("disabled")).toBeDefined();
    expect(card.find(testid("survey-send")).exists()).toBe(false);
  });
});

describe("a file in the chat", () => {
  function fileCard(card: Card, urls: (string | null)[]): { wrapper: ReturnType<typeof mount>; forgotten: string[] } {
    const forgotten: string[] = [];
    const links = { of: () => Promise.resolve(urls.shift() ?? null), forget: (id: string) => void forgotten.push(id) };
    const provide = { [LINKS as symbol]: links as unknown as FileLinks };
    return { wrapper: mount(FileCard, { props: { card, author: "我" }, global: { provide } }), forgotten };
  }

  it("is a picture that opens large and closes again", async () => {
    const { wrapper } = fileCard(PHOTO, ["/one"]);
    await flushPromises();
    expect(wrapper.find(testid("picture")).attributes()).toMatchObject({ src: "/one", alt: "我发的图片" });
    await wrapper.find(testid("picture-open")).trigger("click");
    const view = document.querySelector(testid("picture-view"));
    expect(view?.getAttribute("role")).toBe("dialog");
    (document.querySelector(testid("picture-close")) as HTMLElement).click();
    await flushPromises();
    expect(document.querySelector(testid("picture-view"))).toBeNull();
  });

  it("asks for another link when one does not work", async () => {
    const { wrapper, forgotten } = fileCard(PHOTO, ["/over", "/fresh"]);
    await flushPromises();
    await wrapper.find(testid("picture")).trigger("error");
    expect(forgotten).toEqual(["f1"]);
    await wrapper.find(testid("file-retry")).trigger("click");
    await flushPromises();
    expect(wrapper.find(testid("picture")).attributes("src")).toBe("/fresh");
  });

  it("says so when there is no link", async () => {
    const { wrapper } = fileCard(PHOTO, [null]);
    await flushPromises();
    expect(wrapper.find(testid("file-retry")).text()).toContain("没有加载出来");
  });

  it("is downloaded under its name when it is a paper", async () => {
    const { wrapper } = fileCard({ ...PHOTO, mediaType: "application/pdf", name: "单据.pdf", size: 2048 }, ["/paper"]);
    await flushPromises();
    const link = wrapper.find(testid("file-download"));
    expect(link.attributes()).toMatchObject({ href: "/paper", download: "单据.pdf" });
    expect(link.text()).toContain("2 KB");
  });

  it("is played where it is a video", async () => {
    const { wrapper } = fileCard({ ...PHOTO, mediaType: "video/mp4" }, ["/film"]);
    await flushPromises();
    expect(wrapper.find("video").attributes("src")).toBe("/film");
  });
});

describe("a message in the log", () => {
  it("names the person who says it and what it replies to", () => {
    const quoted = { seq: 1, author: "customer", text: "碎了" } as const;
    const shown = message(2, { author: "agent", agentName: "小安", text: "马上处理", quoted });
    const bubble = mount(MessageBubble, { props: { row: row(shown), now: NOW } });
    expect(bubble.find(".yw-author").text()).toBe("小安");
    expect(bubble.find(testid("message-quote")).text()).toContain("回复我 碎了");
  });

  it("leaves a note where something was taken back", () => {
    const shown = message(2, { author: "agent", text: "", retracted: true });
    const bubble = mount(MessageBubble, { props: { row: row(shown), now: NOW } });
    expect(bubble.find(testid("message-retracted")).text()).toBe("对方撤回了一条消息");
    expect(bubble.find(testid("message-text")).exists()).toBe(false);
  });

  it("shows a photo without the word that stands for it elsewhere", () => {
    const shown = message(2, { author: "customer", text: "[照片]", card: PHOTO });
    const bubble = mount(MessageBubble, { props: { row: row(shown), now: NOW } });
    expect(bubble.find(testid("message-text")).exists()).toBe(false);
    expect(bubble.find(testid("file-card")).exists()).toBe(true);
  });
});

describe("photos that are asked for", () => {
  it("are shown, those that are wanted above all", () => {
    const guide = mount(PhotoGuide, { props: { wanted: ["label"] } });
    expect(guide.find(testid("shot-label")).attributes("data-wanted")).toBe("true");
    expect(guide.find(testid("shot-outer")).attributes("data-wanted")).toBe("false");
    expect(guide.find("label").text()).toContain("拍照或选图");
  });
});

describe("files that are dropped or pasted", () => {
  const file = new File(["x"], "a.jpg", { type: "image/jpeg" });

  it("are taken, and the place shows itself meanwhile", async () => {
    const zone = mount(DropZone);
    const dataTransfer = { types: ["Files"], files: [file] };
    await zone.trigger("dragenter", { dataTransfer });
    expect(zone.find(testid("drop-zone")).exists()).toBe(true);
    await zone.trigger("drop", { dataTransfer });
    expect(zone.find(testid("drop-zone")).exists()).toBe(false);
    await zone.trigger("paste", { clipboardData: { files: [file] } });
    expect(zone.emitted("files")).toEqual([[[file]], [[file]]]);
  });

  it("are nothing when it is text", async () => {
    const zone = mount(DropZone);
    await zone.trigger("dragenter", { dataTransfer: { types: ["text/plain"], files: [] } });
    await zone.trigger("paste", { clipboardData: { files: [] } });
    expect(zone.find(testid("drop-zone")).exists()).toBe(false);
    expect(zone.emitted("files")).toBeUndefined();
  });
});

describe("the tray of files on their way", () => {
  const upload: Upload = {
    id: "1", name: "a.jpg", size: 9, isPicture: true, preview: "blob:a", state: "sending", progress: 0.426,
    failure: null, mayRetry: true,
  };

  it("tells how far each is, and lets it be cancelled", async () => {
    const tray = mount(UploadTray, { props: { list: [upload], notice: null } });
    expect(tray.find(testid("upload-state")).text()).toBe("已发送 42%");
    expect(tray.find("progress").attributes("aria-label")).toBe("a.jpg");
    await tray.find(testid("upload-cancel")).trigger("click");
    expect(tray.emitted("cancel")).toEqual([["1"]]);
  });

  it("offers what failed again, where that may help", async () => {
    const failed: Upload = { ...upload, state: "failed", failure: "网络不稳定" };
    const tray = mount(UploadTray, { props: { list: [failed, { ...failed, id: "2", mayRetry: false }], notice: "最多" } });
    expect(tray.findAll(testid("upload-retry"))).toHaveLength(1);
    await tray.find(testid("upload-retry")).trigger("click");
    expect(tray.emitted("retry")).toEqual([["1"]]);
    expect(tray.find(testid("upload-notice")).text()).toContain("最多");
  });
});
