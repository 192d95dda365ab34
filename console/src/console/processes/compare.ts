import { type Described, durationOf, propertiesOf } from "./properties";

/** An element of a process as far as it matters: drawing it elsewhere changes nothing. */
export interface Element {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly says: Readonly<Record<string, string>>;
}

export interface Changed {
  readonly id: string;
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

export interface Comparison {
  readonly added: readonly Element[];
  readonly removed: readonly Element[];
  readonly changed: readonly Changed[];
}

const LOOKED_AT = new Set([
  "bpmn:UserTask", "bpmn:StartEvent", "bpmn:EndEvent", "bpmn:BoundaryEvent", "bpmn:ExclusiveGateway", "bpmn:ParallelGateway", "bpmn:SequenceFlow", "bpmn:Task",
]);

export function elementsOf(objects: readonly unknown[]): Element[] {
  const described = objects.filter((each): each is Described => typeof each === "object" && each !== null && "$type" in each);
  const once = new Map(described.filter((each) => LOOKED_AT.has(each.$type)).map((each) => [each.id, elementOf(each)]));
  return [...once.values()];
}

function elementOf(described: Described): Element {
  const said: Record<string, string | undefined> = {
    type: described.$type.replace("bpmn:", ""),
    name: described.name,
    condition: described.conditionExpression?.body?.trim(),
    duration: durationOf(described),
    default: described.default?.id,
    from: described.sourceRef?.id,
    to: described.targetRef?.id,
    at: described.attachedToRef?.id,
    interrupting: described.cancelActivity === false ? "false" : undefined,
    ...propertiesOf(described),
  };
  const says = Object.fromEntries(Object.entries(said).filter((pair): pair is [string, string] => (pair[1] ?? "") !== ""));
  return { id: described.id, label: described.name ?? described.id, type: described.$type, says };
}

/** What is in one version and not in the other, and what is said otherwise. */
export function compare(before: readonly Element[], after: readonly Element[]): Comparison {
  const [old, fresh] = [byId(before), byId(after)];
  const changed = after.flatMap((element) => {
    const earlier = old.get(element.id);
    const parts = earlier === undefined ? [] : differing(earlier.says, element.says);
    return parts.length === 0 ? [] : [{ id: element.id, label: element.label, parts }];
  });
  return {
    added: after.filter((element) => !old.has(element.id)),
    removed: before.filter((element) => !fresh.has(element.id)),
    changed,
  };
}

function byId(elements: readonly Element[]): ReadonlyMap<string, Element> {
  return new Map(elements.map((element) => [element.id, element]));
}

function differing(before: Element["says"], after: Element["says"]): Changed["parts"] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, before: before[name] ?? "", after: after[name] ?? "" }))
    .filter((part) => part.before !== part.after);
}

export function isSame(comparison: Comparison): boolean {
  return comparison.added.length + comparison.removed.length + comparison.changed.length === 0;
}
