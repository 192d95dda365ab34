import type { InjectionKey } from "vue";

import type { FileLinks } from "./fileLinks";

/** How the cards of a conversation find the content of its files. */
export const LINKS: InjectionKey<FileLinks> = Symbol("links");
