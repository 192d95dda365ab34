import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./generated";

export type Schemas = components["schemas"];

/** What every error of the house looks like. */
export interface Problem {
  readonly status: number;
  readonly error: string;
  readonly detail: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export class ApiProblem extends Error implements Problem {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly detail: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = "ApiProblem";
  }
}

/** Said with every request of the console: a page of another origin cannot add it. */
const marked: Middleware = {
  onRequest({ request }) {
    request.headers.set("X-Yiwen", "console");
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(marked);

let onSignedOut: () => void = () => undefined;

/** Say what is to happen when the house no longer knows who is asking. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Return what was answered; throw an `ApiProblem` for anything but success. */
export async function answered<T>(asking: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asking.catch((): Answer<T> => {
    throw new ApiProblem(0, "offline", "网络连接不上，请稍后再试");
  });
  if (response.ok) return data as T;
  const problem = problemOf(response.status, error);
  if (response.status === 401) onSignedOut();
  throw problem;
}

function problemOf(status: number, raw: unknown): ApiProblem {
  const known = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  const detail = typeof known.detail === "string" ? known.detail : "系统出了点问题，请稍后再试";
  const error = typeof known.error === "string" ? known.error : "internal";
  return new ApiProblem(status, error, detail, (known.facts ?? {}) as Record<string, unknown>);
}
