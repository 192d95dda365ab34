import type { Message } from "./message";

export const SCORES = [1, 2, 3, 4, 5] as const;

const SCORE = /^(?:评分\s*)?([1-5])\s*分/;

export const REMARK_LIMIT = 300;

/** The words that answer a survey, as the server reads them whatever the customer adds (`surveys/scoring.py`). */
export function answerOf(score: number, remark: string): string {
  const added = remark.trim().slice(0, REMARK_LIMIT);
  return added === "" ? `评分 ${score} 分` : `评分 ${score} 分：${added}`;
}

/** What a survey was answered with: the first points the customer gave after it. */
export function scoreGiven(messages: readonly Message[], index: number): number | null {
  for (const later of messages.slice(index + 1)) {
    if (later.card?.type === "survey") return null;
    const score = later.author === "customer" ? SCORE.exec(later.text)?.[1] : undefined;
    if (score !== undefined) return Number(score);
  }
  return null;
}
