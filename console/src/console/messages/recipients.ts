import { useI18n } from "vue-i18n";

import { useLoaded } from "../office/loaded";
import { useLabels } from "../labels";
import { moment } from "../office/times";
import { queuesOf, wordsFor } from "../tickets/asking";
import { addresseeOf, errorIn, toldIn } from "./delivery";

export interface Reading {
  /** Whom a delivery is for. */
  recipient(recipient: string): string;
  /** The facts a subscriber is told, each with its word; none where the text is for people. */
  facts(text: string | null): [label: string, value: string][];
  error(error: string): string;
}

/** Deliveries in words for people; the queues' and kinds' own names come from the house. */
export function useReading(): Reading {
  const { t } = useI18n();
  const label = useLabels();
  const names = useLoaded(async () => {
    const [queues, kinds] = await Promise.all([queuesOf(), wordsFor("kind")]);
    return { queues: Object.fromEntries(queues.map((queue) => [queue.name, queue.label])), kinds };
  });
  void names.reload();

  const queue = (name: string): string => names.data.value?.queues[name] ?? name;
  const WORDS: Readonly<Record<string, (value: string) => string>> = {
    kind: (value) => names.data.value?.kinds[value] ?? value,
    state: (value) => label("tickets.states", value),
    priority: (value) => label("tickets.priorities", value),
    queue,
    due_at: (value) => moment(value),
  };

  return {
    recipient(recipient) {
      const { kind, name } = addresseeOf(recipient);
      return [label("messages.addressees", kind), kind === "robot" ? queue(name) : name].filter((part) => part !== "").join(" ");
    },
    facts: (text) => (toldIn(text)?.facts ?? []).map(([name, value]) => [t(`tickets.fields.${name}`), WORDS[name]?.(value) ?? value]),
    error(error) {
      const { word, said } = errorIn(error);
      const words = label("messages.errors", word);
      return said === "" ? words : t("messages.errorSaid", { words, said });
    },
  };
}
