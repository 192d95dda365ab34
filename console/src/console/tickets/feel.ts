/**
 * The conditions of form fields: comparisons joined by `and`, `or` and `not(…)`.
 *
 * It is a part of what the house reads. What cannot be read here hides nothing: the house checks again.
 */
export type Values = Readonly<Record<string, unknown>>;

type Token = { readonly kind: "word" | "text" | "number" | "mark"; readonly text: string };
type Node = (values: Values) => unknown;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(!=|<=|>=|==|=|<|>|\(|\)|,|-))/y;
const CONSTANTS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

class Unreadable extends Error {}

/** Whether a condition such as `=not(decision = "reject")` holds; false where it cannot be read. */
export function holds(condition: string, values: Values): boolean {
  const parsed = compiled(condition);
  return parsed !== null && parsed(values) === true;
}

/** Whether a condition can be read here. */
export function isReadable(condition: string): boolean {
  return compiled(condition) !== null;
}

const known = new Map<string, Node | null>();

function compiled(condition: string): Node | null {
  const before = known.get(condition);
  if (before !== undefined) return before;
  const parsed = parse(condition);
  known.set(condition, parsed);
  return parsed;
}

function parse(condition: string): Node | null {
  try {
    const reader = new Reader(tokens(condition.trim().replace(/^=/, "")));
    const node = reader.either();
    reader.end();
    return node;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const match = TOKEN.exec(text);
    if (match === null) throw new Unreadable(text);
    found.push(tokenOf(match));
  }
  return found;
}

function tokenOf(match: RegExpExecArray): Token {
  if (match[1] !== undefined) return { kind: "text", text: match[1].slice(1, -1).replace(/\\(.)/g, "$1") };
  if (match[2] !== undefined) return { kind: "number", text: match[2] };
  if (match[3] !== undefined) return { kind: "word", text: match[3] };
  return { kind: "mark", text: match[4] ?? "" };
}

/** Reads from the loosest to the tightest binding. */
class Reader {
  private place = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    if (this.place < this.tokens.length) throw new Unreadable();
  }

  either(): Node {
    const parts = this.joined("or", () => this.both());
    return parts.length === 1 ? (parts[0] as Node) : (values) => anyOf(parts.map((part) => part(values)));
  }

  private both(): Node {
    const parts = this.joined("and", () => this.compared());
    return parts.length === 1 ? (parts[0] as Node) : (values) => allOf(parts.map((part) => part(values)));
  }

  private joined(word: string, part: () => Node): Node[] {
    const parts = [part()];
    while (this.takes("word", word)) parts.push(part());
    return parts;
  }

  private compared(): Node {
    const left = this.atom();
    const sign = this.tokens[this.place];
    const compare = sign?.kind === "mark" ? COMPARE[sign.text] : undefined;
    if (compare === undefined) return left;
    this.place += 1;
    const right = this.atom();
    return (values) => compare(left(values), right(values));
  }

  private atom(): Node {
    const token = this.next();
    if (token.kind === "text") return () => token.text;
    if (token.kind === "number") return () => Number(token.text);
    if (token.kind === "word") return token.text === "not" ? this.negated() : nameOf(token.text);
    if (token.text === "(") return this.closed();
    if (token.text === "-") return minus(this.atom());
    throw new Unreadable(token.text);
  }

  private negated(): Node {
    if (!this.takes("mark", "(")) throw new Unreadable("not");
    const inner = this.closed();
    return (values) => opposite(inner(values));
  }

  private closed(): Node {
    const inner = this.either();
    if (!this.takes("mark", ")")) throw new Unreadable(")");
    return inner;
  }

  private takes(kind: Token["kind"], text: string): boolean {
    const token = this.tokens[this.place];
    if (token?.kind !== kind || token.text !== text) return false;
    this.place += 1;
    return true;
  }

  private next(): Token {
    const token = this.tokens[this.place];
    if (token === undefined) throw new Unreadable();
    this.place += 1;
    return token;
  }
}

function nameOf(name: string): Node {
  if (["and", "or", "if", "then", "else", "in"].includes(name)) throw new Unreadable(name);
  return name in CONSTANTS ? () => CONSTANTS[name] : (values) => values[name] ?? null;
}

function minus(inner: Node): Node {
  return (values) => -Number(inner(values));
}

function opposite(value: unknown): unknown {
  return typeof value === "boolean" ? !value : null;
}

/** FEEL knows three answers: what is unknown decides nothing unless it may not matter. */
function anyOf(parts: readonly unknown[]): boolean | null {
  if (parts.includes(true)) return true;
  return parts.every((part) => part === false) ? false : null;
}

function allOf(parts: readonly unknown[]): boolean | null {
  if (parts.includes(false)) return false;
  return parts.every((part) => part === true) ? true : null;
}

type Compare = (left: unknown, right: unknown) => boolean | null;

const ordered =
  (test: (left: number | string, right: number | string) => boolean): Compare =>
  (left, right) =>
    (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string")
      ? test(left, right)
      : null;

const COMPARE: Readonly<Record<string, Compare>> = {
  "=": (left, right) => left === right,
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
};
