import { shallowReactive } from "vue";

import type { Connection, CustomerData } from "./connection";
import { Conversation } from "./conversation";
import { FileLinks } from "./fileLinks";
import type { Host, Identity, Site } from "./host";
import { fileSender } from "./sending";
import { browserKeep, type Keep, keepOf, memoryKeep } from "./storage";
import { Uploads } from "./uploads";

const HELLO_PATIENCE_MS = 2_000;

/** Everything of one visitor: when another one comes, none of it stays. */
export interface Chat {
  readonly conversation: Conversation;
  readonly uploads: Uploads;
  readonly links: FileLinks;
}

export interface Surroundings {
  readonly host: Host;
  readonly site: Site | null;
  connect(): Connection;
}

/** The visit to a page: who visits may change while it is open, as people sign in and out of the host page. */
export class Visiting {
  readonly state: { chat: Chat | null; isShown: boolean };
  private page = "";

  constructor(
    private readonly around: Surroundings,
    private readonly kept: Keep = browserKeep(),
  ) {
    this.state = shallowReactive({ chat: null, isShown: !around.host.isThere });
  }

  /** Begin as soon as the host page has said who visits; without a word from it, as a visitor. */
  begin(): void {
    const { host } = this.around;
    if (!host.isThere) {
      this.receive(null);
      return;
    }
    const alone = setTimeout(() => this.receive(null), HELLO_PATIENCE_MS);
    host.listen({
      hello: (identity, page) => {
        clearTimeout(alone);
        this.page = page;
        this.receive(identity);
      },
      identify: (identity) => this.receive(identity),
      shown: (isShown) => void (this.state.isShown = isShown),
    });
    host.tell("ready");
  }

  /** Turn to a customer of the site, or to a visitor: with storage of their own, or none. */
  receive(identity: Identity | null): void {
    this.state.chat?.uploads.close();
    this.state.chat?.conversation.close();
    this.state.chat = this.chatOf(identity);
    this.state.chat.conversation.open();
  }

  private chatOf(identity: Identity | null): Chat {
    const refused = (code: string, detail: string): void => {
      this.around.host.tell("refused", { code, detail });
      this.receive(null);
    };
    const visit = { told: this.told(identity), refused };
    const conversation = new Conversation(this.around.connect(), this.keepFor(identity), () => new Date(), visit);
    const token = (): string | null => conversation.token();
    const uploads = new Uploads(fileSender(token), () => conversation.refresh());
    return { conversation, uploads, links: new FileLinks(token) };
  }

  private told(identity: Identity | null): CustomerData | null {
    const { site } = this.around;
    if (site === null) return null;
    return { site: site.key, ...(this.page === "" ? {} : { page: this.page }), ...(identity ?? {}) };
  }

  /** What a signed-in customer said stays on no device that others may use. */
  private keepFor(identity: Identity | null): Keep {
    if (identity !== null) return memoryKeep();
    return this.around.site === null ? this.kept : keepOf(this.kept, this.around.site.key);
  }
}
