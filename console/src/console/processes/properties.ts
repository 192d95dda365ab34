/** What bpmn-js knows of an element; only the parts we look at. */
export interface Described {
  readonly $type: string;
  readonly id: string;
  readonly name?: string;
  readonly extensionElements?: { readonly values?: readonly Extension[] };
  readonly conditionExpression?: { readonly body?: string };
  readonly eventDefinitions?: readonly { readonly $type: string; readonly timeDuration?: { readonly body?: string } }[];
  readonly default?: { readonly id: string };
  readonly cancelActivity?: boolean;
  readonly sourceRef?: { readonly id: string };
  readonly targetRef?: { readonly id: string };
  readonly attachedToRef?: { readonly id: string };
}

export interface Extension {
  readonly $type: string;
  readonly values?: readonly { readonly name?: string; readonly value?: string }[];
}

export const PROPERTIES = "camunda:Properties";

/** The properties of a step, in the order they are edited, and how. */
export const STEP_PROPERTIES = [
  { name: "role", kind: "role" },
  { name: "queue", kind: "queue" },
  { name: "skill", kind: "text" },
  { name: "form", kind: "form" },
  { name: "time_allowed", kind: "text" },
  { name: "waits_for", kind: "waits" },
  { name: "state_on_enter", kind: "state" },
  { name: "state_after", kind: "state" },
  { name: "customer_on_enter", kind: "words" },
  { name: "customer_on_done", kind: "words" },
] as const;
export const TIMER_PROPERTIES = [{ name: "customer_on_fire", kind: "words" }] as const;

export const ROLES = ["customer_service", "lead", "warehouse", "claims", "finance", "dispatch", "courier", "carrier", "billing", "customer", "system"] as const;
export const WAITS = ["customer", "carrier"] as const;
export const STATES = ["open", "paused", "resolved", "closed"] as const;

/** The extension properties of an element by name. */
export function propertiesOf(element: Described): Record<string, string> {
  const holders = (element.extensionElements?.values ?? []).filter((each) => each.$type === PROPERTIES);
  const pairs = holders.flatMap((holder) => holder.values ?? []).map((each) => [each.name ?? "", each.value ?? ""] as const);
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

/** The properties with one of them changed; an empty one goes. */
export function withProperty(properties: Readonly<Record<string, string>>, name: string, value: string): Record<string, string> {
  const rest = Object.entries({ ...properties, [name]: value }).filter(([, each]) => each !== "");
  return Object.fromEntries(rest);
}

/** How long a timer waits, as written. */
export function durationOf(element: Described): string {
  return element.eventDefinitions?.find((each) => each.$type === "bpmn:TimerEventDefinition")?.timeDuration?.body ?? "";
}
