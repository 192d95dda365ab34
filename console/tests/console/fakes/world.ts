import type { Canned, Desk, Message, Row, Suggestion, Wall } from "../../../src/console/desk/types";
import { ago, everybody, type Talk } from "./people";

type Hear = (event: string, body: unknown) => void;

/** A small house in memory: what the preview's pages ask, and who tells them of what happens. */
export class World {
  readonly talks = new Map<string, Talk>(everybody().map((talk) => [talk.row.id, talk]));
  readonly canned: Canned[] = [
    canned(1, "hello", "问候", "{customer}您好，我是客服{agent}，请问有什么可以帮您？", 86),
    canned(2, "photo", "请客户拍照", "麻烦您拍三张照片：外包装、面单、破损的物品，直接发到这里就可以。", 64),
    canned(3, "pay", "赔付时效", "{customer}，运单 {waybill_no} 的赔付通过后，款项会在 48 小时内到账。", 41),
    canned(4, "ticket", "告知工单", "已为您登记工单 {ticket_no}，有进展会第一时间在这里告诉您。", 38),
    canned(5, "callback", "约定回电", "我会在 {ticket_no} 有结果后给您回电，请保持电话畅通。", 12),
  ];
  status: Desk["status"] = "available";
  signedIn = true;
  hear: Hear = () => undefined;

  lists(): Desk {
    const rows = [...this.talks.values()].map(({ row }) => row);
    return {
      username: "me",
      status: this.status,
      chats: 5,
      mine: rows.filter(({ agent }) => agent === "me"),
      waiting: rows.filter(({ owner }) => owner === "queue"),
      others: rows.filter(({ owner, agent }) => owner === "agent" && agent !== "me"),
      queues: this.queues(),
      at: ago(0),
    };
  }

  queues(): Desk["queues"] {
    const waiting = (name: string): Row[] => this.rows().filter(({ owner, queue }) => owner === "queue" && queue === name);
    const open = { is_open: true, opens_at: null };
    return [
      { name: "after_sales", label: "售后客服", waiting: waiting("after_sales").length, longest_wait_seconds: 362, ...open },
      { name: "vip", label: "大客户专线", waiting: waiting("vip").length, longest_wait_seconds: 24, ...open },
      { name: "claims", label: "理赔专员", waiting: 0, longest_wait_seconds: 0, is_open: false, opens_at: null },
    ];
  }

  rows(): Row[] {
    return [...this.talks.values()].map(({ row }) => row);
  }

  change(id: string, change: Partial<Row>): Row {
    const talk = this.talks.get(id);
    if (talk === undefined) throw new Error("unknown conversation");
    const grows = change.owner === undefined ? 0 : 1;
    talk.row = { ...talk.row, owner_epoch: talk.row.owner_epoch + grows, ...change };
    this.hear("row", talk.row);
    this.hear("queues", this.queues());
    return talk.row;
  }

  say(id: string, said: Partial<Message> & Pick<Message, "author" | "text">): Message {
    const talk = this.talks.get(id);
    if (talk === undefined) throw new Error("unknown conversation");
    const message: Message = {
      seq: talk.row.last_seq + 1, said_by: null, said_by_name: null, buttons: [], card: null, at: ago(0), quoted: null,
      retracted_at: null, intent: null, confidence: null, ...said,
    };
    talk.messages.push(message);
    this.hear("message", { conversation_id: id, message });
    const { seq, author, text, at } = message;
    const waits = author === "customer" ? { waiting_since: at, unread: talk.row.unread + 1 } : { waiting_since: null };
    this.change(id, { last_seq: seq, last_message: { seq, author, text, at }, ...waits });
    return message;
  }

  /** The customer reads, types, and answers. */
  answerSoon(id: string): void {
    const wait = (ms: number, act: () => void): void => void setTimeout(act, ms);
    wait(600, () => {
      const seq = this.talks.get(id)?.row.last_seq ?? 0;
      this.hear("customer_seen", { conversation_id: id, seq });
    });
    wait(1_000, () => this.hear("typing", { conversation_id: id, who: "customer", name: "", on: true }));
    wait(2_600, () => this.say(id, { author: "customer", text: "好的，谢谢，那我等您消息" }));
  }

  suggestions(id: string): Suggestion[] {
    if (!id.endsWith("01")) return [];
    return [
      { source: "bot", text: "您的赔付申请正在初审，通过后 48 小时内到账。", why: "驿问对最后一条消息的回答", for_seq: 10 },
      { source: "talking_point", text: "上次超期是我们的责任，这次由我全程跟进，每天上午给您一次进度。", why: "规则：重复投诉", for_seq: null },
      { source: "canned", text: "麻烦您提供收款账户的开户名和银行。", why: "常用", for_seq: null },
    ];
  }

  wall(): Wall {
    const { mine, others, waiting, queues } = this.lists();
    const more = { in_service: 3, breached: 1, available: 2, answered_today: 48, left_today: 3 };
    const agent = (username: string, display_name: string, status: "available" | "busy" | "away" | "offline", talks: number) =>
      ({ username, display_name, status, talks, chats: 5, steps: talks + 2, answered_today: 11 + talks, score_today: 4.6 });
    return {
      at: ago(0), waiting: waiting.length, longest_wait_seconds: 362, in_service: mine.length + others.length, breached: 2,
      containment: 0.734, talks_today: 318, first_reply_seconds: 38,
      queues: queues.map((queue) => ({ ...queue, ...more })),
      agents: [
        agent("me", "周敏", "available", 3), agent("li", "李静", "available", 4), agent("zhao", "赵磊", "busy", 5),
        agent("qian", "钱多多", "away", 0), { ...agent("sun", "孙小美", "offline", 0), score_today: null },
      ],
      talks: [...mine, ...others],
    };
  }
}

function canned(id: number, shortcut: string, title: string, text: string, uses: number): Canned {
  return { id, by: "lead", scope: "all", shortcut, title, text, uses };
}

export const world = new World();
