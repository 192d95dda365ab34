import { ago, ahead } from "./people";
import { world } from "./world";

type Fields = Record<string, unknown>;
export type Answer = readonly [status: number, body: unknown];
type Route = readonly [method: string, path: RegExp, answer: (parts: string[], body: Fields, query: URLSearchParams) => Answer];

const DESK = "/api/desk/conversations/([^/]+)";
const TAKEN: Answer = [409, { error: "taken_by_another", detail: "已由李静接待", facts: { owner: "agent", agent: "li" } }];
const UNKNOWN: Answer = [404, { error: "not_found", detail: "没有这个会话", facts: {} }];

const ME = {
  name: "me", display_name: "周敏", role: "manager", has_second_factor: false,
  permissions: ["talk", "tickets", "lead", "manage", "people", "own"],
};

const FORM = {
  name: "first_review", title: "客服初审", version: "1",
  schema: {
    components: [
      { type: "radio", key: "decision", label: "初审结论", validate: { required: true }, values: [{ label: "通过", value: "pass" }, { label: "需补充照片", value: "more_evidence" }, { label: "不符合", value: "reject" }] },
      { type: "textarea", key: "reason", label: "原因", description: "客户会看到，请写清缺什么或为什么不符合", validate: { required: true }, conditional: { hide: '=not(decision = "more_evidence" or decision = "reject")' } },
    ],
  },
};

const ok = (body: unknown): Answer => [200, body];

function page(id: string, query: URLSearchParams): Answer {
  const talk = world.talks.get(id);
  if (talk === undefined) return UNKNOWN;
  const after = Number(query.get("after") ?? 0);
  return ok({ messages: talk.messages.filter(({ seq }) => seq > after), notes: talk.notes, before: null });
}

function note(id: string, body: Fields): Answer {
  const talk = world.talks.get(id);
  if (talk === undefined) return UNKNOWN;
  const left = {
    id: 9_000 + talk.notes.length, after_seq: talk.row.last_seq, kind: body.kind as "note", by: "me", by_name: "周敏",
    text: String(body.text), at: ago(0),
  };
  talk.notes.push(left);
  return [201, left];
}

function reply(id: string, body: Fields): Answer {
  const talk = world.talks.get(id);
  const quoted = talk?.messages.find(({ seq }) => seq === body.quoted_seq);
  const card = body.file_id ? { type: "file", file_id: body.file_id, media_type: "image/png", size: 20_480, name: "图片.png" } : null;
  const said = world.say(id, {
    author: "agent", said_by: "me", said_by_name: "周敏", text: String(body.text), card,
    quoted: quoted === undefined ? null : { seq: quoted.seq, author: quoted.author, text: quoted.text },
  });
  world.answerSoon(id);
  return ok(said);
}

function retract(id: string, seq: number): Answer {
  const talk = world.talks.get(id);
  const said = talk?.messages.find((message) => message.seq === seq);
  if (said === undefined) return UNKNOWN;
  said.retracted_at = ago(0);
  return ok(said);
}

const MINE = { owner: "agent", agent: "me", agent_name: "周敏", offered_to: null, offered_until: null } as const;
const QUEUED = { owner: "queue", agent: null, agent_name: null } as const;

/** What the preview's house answers. Conversation 7 was always taken by somebody else a moment ago. */
const ROUTES: readonly Route[] = [
  ["GET", /^\/api\/me$/, () => (world.signedIn ? ok(ME) : [401, { error: "not_signed_in", detail: "请先登录", facts: {} }])],
  ["GET", /^\/api\/session\/ways$/, () => ok({ password: true, oidc_label: "使用企业账号登录" })],
  ["POST", /^\/api\/session$/, (_, body) => signIn(body)],
  ["DELETE", /^\/api\/session$/, () => signOut()],
  ["GET", /^\/api\/me\/sessions$/, () => ok(sessions())],
  ["DELETE", /^\/api\/me\/sessions\/.+$/, () => [204, null]],
  ["POST", /^\/api\/me\/password$/, () => [204, null]],
  ["POST", /^\/api\/me\/second-factor$/, () => [201, { secret: "JBSWY3DPEHPK3PXP", uri: "", qr_svg: QR, recovery_codes: ["3F9K-2M7Q", "8XWB-4TZN", "QK2D-77LP", "M5VR-9HCE"] }]],
  ["POST", /^\/api\/me\/second-factor\/confirm$/, () => [204, null]],
  ["GET", /^\/api\/desk$/, () => ok(world.lists())],
  ["GET", /^\/api\/desk\/wall$/, () => ok(world.wall())],
  ["GET", /^\/api\/canned-replies$/, () => ok(world.canned)],
  ["GET", /^\/api\/presence$/, () => ok(presence())],
  ["GET", /^\/api\/forms\/first_review$/, () => ok(FORM)],
  ["POST", /^\/api\/tickets\/.+\/complete$/, () => ok({})],
  ["POST", /^\/api\/files$/, () => ok({ id: "photo" })],
  ["GET", new RegExp(`^${DESK}/messages$`), ([id = ""], _, query) => page(id, query)],
  ["GET", new RegExp(`^${DESK}/context$`), ([id = ""]) => (world.talks.has(id) ? ok(world.talks.get(id)?.context) : UNKNOWN)],
  ["GET", new RegExp(`^${DESK}/suggestions$`), ([id = ""]) => ok(world.suggestions(id))],
  ["GET", new RegExp(`^${DESK}$`), ([id = ""]) => (world.talks.has(id) ? ok(world.talks.get(id)?.row) : UNKNOWN)],
  ["POST", new RegExp(`^${DESK}/replies$`), ([id = ""], body) => reply(id, body)],
  ["POST", new RegExp(`^${DESK}/messages/(\\d+)/retract$`), ([id = "", seq]) => retract(id, Number(seq))],
  ["POST", new RegExp(`^${DESK}/notes$`), ([id = ""], body) => note(id, body)],
  ["POST", new RegExp(`^${DESK}/take$`), ([id = ""]) => (id.endsWith("07") ? TAKEN : ok(world.change(id, MINE)))],
  ["POST", new RegExp(`^${DESK}/take-over$`), ([id = ""]) => ok(world.change(id, MINE))],
  ["POST", new RegExp(`^${DESK}/decline$`), ([id = ""]) => ok(world.change(id, { ...QUEUED, offered_to: "li", offered_until: ahead(1) }))],
  ["POST", new RegExp(`^${DESK}/put-back$`), ([id = ""]) => ok(world.change(id, QUEUED))],
  ["POST", new RegExp(`^${DESK}/transfer$`), ([id = ""]) => ok(world.change(id, { owner: "agent", agent: "li", agent_name: "李静" }))],
  ["POST", new RegExp(`^${DESK}/give-back$`), ([id = ""]) => ok(world.change(id, { owner: "bot", agent: null, agent_name: null }))],
  ["POST", new RegExp(`^${DESK}/close$`), ([id = ""]) => ok(world.change(id, { owner: "closed", agent: null, agent_name: null }))],
];

export function answer(method: string, address: string, body: Fields): Answer {
  const { pathname, searchParams } = new URL(address, "http://localhost");
  for (const [wanted, path, act] of ROUTES) {
    const found = wanted === method ? path.exec(pathname) : null;
    if (found !== null) return act(found.slice(1), body, searchParams);
  }
  return [404, { error: "not_found", detail: "没有找到", facts: {} }];
}

function signIn(body: Fields): Answer {
  if (body.password === "wrong") return [401, { error: "invalid_grant", detail: "用户名或密码不对", facts: {} }];
  if (body.code === "") return [401, { error: "second_factor_needed", detail: "请输入验证码", facts: {} }];
  world.signedIn = true;
  return ok(ME);
}

function signOut(): Answer {
  world.signedIn = false;
  return [204, null];
}

function presence() {
  const person = (username: string, display_name: string, status: string) =>
    ({ username, display_name, status, lease_until: ahead(1), seen_at: ago(0) });
  return [person("li", "李静", "available"), person("zhao", "赵磊", "busy"), person("me", "周敏", "available")];
}

function sessions() {
  const session = (id: string, agent: string, address: string, is_current: boolean) =>
    ({ id, username: "me", created_at: ago(2_000), seen_at: ago(3), agent, address, is_current });
  return [
    session("1", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36", "10.8.3.21", true),
    session("2", "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "10.8.7.90", false),
  ];
}

const QR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 21 21">${Array.from({ length: 441 }, (_, cell) =>
  (cell * 7919 + Math.floor(cell / 21) * 31) % 5 < 2 ? `<path d="M${cell % 21} ${Math.floor(cell / 21)}h1v1h-1z"/>` : "",
).join("")}</svg>`;
