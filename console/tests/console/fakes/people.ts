import type { Context, Message, Note, Row } from "../../../src/console/desk/types";

/** Moments before now, so that the preview always looks as if it were today. */
export const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
export const ahead = (minutes: number): string => ago(-minutes);

type Said = readonly [author: Message["author"], minutesAgo: number, text: string, more?: Partial<Message>];

export interface Talk {
  row: Row;
  messages: Message[];
  notes: Note[];
  context: Context;
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly row: Partial<Row>;
  readonly said: readonly Said[];
  readonly notes?: readonly Partial<Note>[];
  readonly context?: Partial<Context>;
  readonly vip?: boolean;
}

const NAMES: Record<string, string> = { me: "周敏", li: "李静", zhao: "赵磊" };

export function talkOf(person: Person): Talk {
  const messages = person.said.map(([author, minutes, text, more], index): Message => ({
    seq: index + 1,
    author,
    said_by: author === "agent" ? (person.row.agent ?? "me") : null,
    said_by_name: author === "agent" ? (NAMES[person.row.agent ?? "me"] ?? null) : null,
    text,
    buttons: [],
    card: null,
    at: ago(minutes),
    quoted: null,
    retracted_at: null,
    intent: null,
    confidence: null,
    ...more,
  }));
  const last = messages.at(-1);
  const customer = { id: null, name: person.name, is_verified: person.vip === true, vip: person.vip === true };
  return {
    row: {
      id: person.id, channel: "web", customer, owner: "queue", owner_epoch: 2, queue: "after_sales", queue_label: "售后客服",
      agent: null, agent_name: null, offered_to: null, offered_until: null, reason: "asked", reason_text: "客户要求人工",
      priority: "normal", queued_at: null, taken_at: null, due_at: null, waiting_since: null,
      last_message: last === undefined ? null : { seq: last.seq, author: last.author, text: last.text || "[图片]", at: last.at },
      last_seq: last?.seq ?? 0, customer_seen_seq: 0, unread: 0, watchers: [], watcher_names: [],
      ...person.row,
    },
    messages,
    notes: (person.notes ?? []).map((note, index) => ({
      id: Number(person.id.slice(-2)) * 100 + index, after_seq: 1, kind: "note", by: "li", by_name: "李静", text: "", at: ago(3), ...note,
    })),
    context: { customer, parcels: [], tickets: [], past: [], page: null, ...person.context },
  };
}

const scan = (minutes: number, city: string | null, status_label: string, text: string) =>
  ({ at: ago(minutes), status: "moving", status_label, city, text });

const BROKEN_PARCEL: Context["parcels"][number] = {
  waybill_no: "SF1390023456789", carrier_code: "SF", carrier_name: "顺丰速运", status: "problem", status_label: "问题件", vip: true,
  events: [
    scan(95, "南京", "问题件", "派送时发现外包装破损，已联系收件人"),
    scan(180, "南京", "派件中", "快件交给王师傅，正在派送途中（联系电话 138****6621）"),
    scan(420, "南京", "运输中", "快件到达南京江宁营业点"),
    scan(900, "合肥", "运输中", "快件离开合肥中转场，发往南京"),
    scan(1_400, "武汉", "运输中", "快件到达武汉吴家山集散中心"),
    scan(2_050, "长沙", "运输中", "快件离开长沙黄花集散中心"),
    scan(2_900, "广州", "运输中", "快件离开广州白云集散中心"),
    scan(3_100, "深圳", "已揽收", "顺丰速运已收取快件"),
  ],
};

const MOVING_PARCEL: Context["parcels"][number] = {
  waybill_no: "YT7612345678901", carrier_code: "YTO", carrier_name: "圆通速递", status: "in_transit", status_label: "运输中", vip: false,
  events: [
    scan(2_600, "郑州", "运输中", "快件到达郑州转运中心"), scan(3_300, "西安", "运输中", "快件离开西安转运中心，发往郑州"),
    scan(3_900, "西安", "已揽收", "西安高新区揽收成功"),
  ],
};

const DAMAGE_TICKET: Context["tickets"][number] = {
  ticket_no: "T20261122000137", kind: "damage", kind_label: "破损理赔", state: "open", priority: "high", version: 4, step: "first_review",
  step_label: "客服初审", form: "first_review", assignee: "周敏", due_at: ahead(42), opened_at: ago(80),
};

const PEOPLE: readonly Person[] = [
  {
    id: "00000000-0000-4000-8000-000000000001", name: "王芳", vip: true,
    row: { owner: "agent", agent: "me", agent_name: "周敏", taken_at: ago(12), waiting_since: ago(1.2), unread: 0, customer_seen_seq: 9, reason: "anger", reason_text: "客户生气", watchers: ["李静"], due_at: ahead(1) },
    said: [
      ["customer", 58, "我的快递摔坏了！！", { intent: "report_damage", confidence: 0.97 }],
      ["bot", 58, "非常抱歉给您带来不便。请告诉我运单号，我马上为您登记。", { buttons: [{ title: "查看我的运单", payload: "查看我的运单" }, { title: "转人工", payload: "转人工" }] }],
      ["customer", 57, "SF1390023456789", { intent: "inform", confidence: 0.99 }],
      ["bot", 57, "", { card: { type: "parcel", waybill_no: "SF1390023456789", carrier_name: "顺丰速运", status: "problem", status_label: "问题件", city: "南京", eta: null, disclosure: "full", events: [{ at: ago(95), place: "南京", text: "派送时发现外包装破损，已联系收件人" }, { at: ago(180), place: "南京", text: "正在派送途中" }] } }],
      ["customer", 55, "每次都是机器人回复，我要人工！我那是一套茶具，碎了两只杯子", { intent: "ask_human", confidence: 0.99 }],
      ["system", 55, "已为您转接人工客服，前面还有 2 位，预计等待 3 分钟"],
      ["agent", 11, "王女士您好，我是客服周敏，刚看了您的运单和照片要求，实在抱歉让您受委屈了。"],
      ["customer", 9, "", { card: { type: "file", file_id: "photo", media_type: "image/png", size: 284_112, name: "破损的茶杯.png" } }],
      ["agent", 8, "照片收到了，碎了两只，茶壶是完好的，对吗？", { quoted: { seq: 8, author: "customer", text: "[图片] 破损的茶杯.png" } }],
      ["customer", 1.2, "对，茶壶没事。什么时候能赔？上次那件拖了半个月"],
    ],
    notes: [
      { after_seq: 6, kind: "event", text: "周敏 接手了会话", at: ago(12) },
      { after_seq: 7, kind: "note", text: "上次赔付确实超期，主管同意这次先行赔付，上限 300 元。", at: ago(10) },
      { after_seq: 9, kind: "whisper", by: "lead", by_name: "陈主管", text: "可以直接承诺 48 小时内到账，我来盯。", at: ago(4) },
    ],
    context: {
      page: "https://shop.example.com/orders/88231", parcels: [BROKEN_PARCEL],
      tickets: [DAMAGE_TICKET, { ...DAMAGE_TICKET, ticket_no: "T20261028000052", kind_label: "延误投诉", state: "closed", priority: "normal", step: null, step_label: null, form: null, due_at: null, assignee: null }],
      past: [
        { conversation_id: "00000000-0000-4000-8000-000000000021", channel: "wechat", at: ago(36_000), reason_text: "客户要求人工", agent_name: "李静", outcome: "closed", agreed: "补偿 20 元运费券", last_text: "好吧，谢谢" },
        { conversation_id: "00000000-0000-4000-8000-000000000022", channel: "web", at: ago(52_000), reason_text: null, agent_name: null, outcome: "given_back", agreed: null, last_text: "查到了" },
      ],
    },
  },
  {
    id: "00000000-0000-4000-8000-000000000002", name: "微信用户 3f9a",
    row: { channel: "wechat", owner: "agent", agent: "me", agent_name: "周敏", taken_at: ago(25), reason: "not_understood", reason_text: "两次没听懂", customer_seen_seq: 4, waiting_since: null },
    said: [
      ["customer", 40, "那个啥，东西不对"], ["bot", 40, "抱歉，我没有听懂。您是收到的东西不对，还是地址不对？"], ["customer", 38, "反正就不是我买的那个"],
      ["agent", 24, "您好，我是客服周敏。您收到的和您买的不一样，对吗？方便拍张面单照片吗？"], ["customer", 22, "晚点到家拍给你"], ["agent", 21, "好的，不着急，您拍好直接发来就行。"],
    ],
    context: { parcels: [MOVING_PARCEL] },
  },
  {
    id: "00000000-0000-4000-8000-000000000003", name: "刘洋",
    row: { owner: "agent", agent: "me", agent_name: "周敏", taken_at: ago(7), waiting_since: ago(4), unread: 2, reason_text: "客户要求人工" },
    said: [["customer", 9, "转人工"], ["agent", 6, "您好，请问有什么可以帮您？"], ["customer", 4.2, "快递显示签收了，但是我没收到"], ["customer", 4, "门口监控也没看到有人来"]],
    context: { parcels: [MOVING_PARCEL] },
  },
  {
    id: "00000000-0000-4000-8000-000000000004", name: "孙丽",
    row: { queued_at: ago(1), waiting_since: ago(1), offered_to: "me", offered_until: ahead(0.6), unread: 1 },
    said: [["customer", 3, "地址写错了能改吗"], ["bot", 3, "可以的，请告诉我新的地址。"], ["customer", 1, "你们这个改不了吧，转人工"]],
  },
  {
    id: "00000000-0000-4000-8000-000000000005", name: "高强", vip: true,
    row: { queued_at: ago(6), waiting_since: ago(6), priority: "high", reason: "rule", reason_text: "红色预警：生鲜延误", due_at: ago(1), unread: 3 },
    said: [["customer", 8, "我的大闸蟹呢！！已经三天了"], ["bot", 8, "正在为您查询…"], ["customer", 6, "再不到就全死了"]],
    context: { parcels: [MOVING_PARCEL] },
  },
  {
    id: "00000000-0000-4000-8000-000000000006", name: "微信用户 8c21",
    row: { channel: "wechat", queued_at: ago(2.3), waiting_since: ago(2.3), reason: "bot_failure", reason_text: "机器人暂时无法回答", due_at: ahead(0.5), unread: 1 },
    said: [["customer", 2.3, "发票怎么开？"]],
  },
  {
    id: "00000000-0000-4000-8000-000000000007", name: "何军",
    row: { queued_at: ago(0.4), waiting_since: ago(0.4), queue: "vip", queue_label: "大客户专线", unread: 1, due_at: ahead(5) },
    said: [["customer", 0.4, "我们公司上个月的对账单有两笔不对，帮忙看看"]],
  },
  {
    id: "00000000-0000-4000-8000-000000000008", name: "马晓燕",
    row: { owner: "agent", agent: "li", agent_name: "李静", taken_at: ago(30), waiting_since: ago(2.5) },
    said: [["customer", 33, "理赔到哪一步了"], ["agent", 29, "正在复核金额，今天内给您答复。"], ["customer", 2.5, "还要多久呀"]],
  },
  {
    id: "00000000-0000-4000-8000-000000000009", name: "吴磊",
    row: { owner: "agent", agent: "zhao", agent_name: "赵磊", taken_at: ago(9), waiting_since: null },
    said: [["customer", 12, "拒收了，什么时候退回"], ["agent", 8, "退回件预计后天到寄件人处。"]],
  },
];

export function everybody(): Talk[] {
  return PEOPLE.map(talkOf);
}
