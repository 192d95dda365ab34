import { fieldsOf, momentOf, textOrNull } from "./reading";

const EARLY_MS = 60_000;

interface Link {
  readonly url: string;
  readonly until: number;
}

/** Links to the files of this conversation, asked for when they are needed and again when they are over. */
export class FileLinks {
  private readonly links = new Map<string, Promise<Link | null>>();

  constructor(
    private readonly token: () => string | null,
    private readonly ask: typeof fetch = (...wanted) => fetch(...wanted),
    private readonly now: () => number = () => Date.now(),
  ) {}

  async of(fileId: string): Promise<string | null> {
    const known = await this.links.get(fileId);
    if (known && known.until - EARLY_MS > this.now()) return known.url;
    const asked = this.fetchLink(fileId);
    this.links.set(fileId, asked);
    return (await asked)?.url ?? null;
  }

  /** The link did not work: ask for another one next time. */
  forget(fileId: string): void {
    this.links.delete(fileId);
  }

  private async fetchLink(fileId: string): Promise<Link | null> {
    try {
      const headers = { Authorization: `Bearer ${this.token() ?? ""}` };
      const answer = await this.ask(`/api/chat/files/${encodeURIComponent(fileId)}/link`, { headers });
      return answer.ok ? readLink(await answer.json()) : null;
    } catch {
      return null;
    }
  }
}

function readLink(raw: unknown): Link | null {
  const fields = fieldsOf(raw);
  const url = textOrNull(fields?.url);
  const until = momentOf(fields?.until);
  // Only ever a path of ours.
  if (url === null || until === null || !url.startsWith("/api/chat/files/")) return null;
  return { url, until: Date.parse(until) };
}
