/** What became of one of many. */
export interface Result {
  readonly key: string;
  readonly state: "waiting" | "done" | "failed";
  readonly words: string;
}

export interface BulkRun {
  readonly results: readonly Result[];
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

type Deed = (key: string) => Promise<void>;
type Shown = (run: BulkRun) => void;

/**
 * Do something to each of many, a few at a time; one that fails does not stop the others.
 *
 * `show` is called after each with everything so far. An aborted `signal` leaves what has not begun waiting.
 */
export async function runBulk(
  keys: readonly string[],
  deed: Deed,
  options: { show?: Shown; words?: (error: unknown) => string; atOnce?: number; signal?: AbortSignal } = {},
): Promise<BulkRun> {
  const results: Result[] = [...new Set(keys)].map((key) => ({ key, state: "waiting", words: "" }));
  const words = options.words ?? String;
  let next = 0;

  async function work(): Promise<void> {
    while (next < results.length && options.signal?.aborted !== true) {
      const place = next;
      next += 1;
      results[place] = await outcome(results[place]?.key ?? "", deed, words);
      options.show?.(summary(results));
    }
  }

  await Promise.all(Array.from({ length: options.atOnce ?? 3 }, work));
  return summary(results);
}

async function outcome(key: string, deed: Deed, words: (error: unknown) => string): Promise<Result> {
  try {
    await deed(key);
    return { key, state: "done", words: "" };
  } catch (error) {
    return { key, state: "failed", words: words(error) };
  }
}

function summary(results: readonly Result[]): BulkRun {
  const count = (state: Result["state"]): number => results.filter((each) => each.state === state).length;
  return { results: [...results], done: count("done"), failed: count("failed"), total: results.length };
}

/** Those worth another try. */
export function unfinished(run: BulkRun): string[] {
  return run.results.filter((each) => each.state !== "done").map((each) => each.key);
}
