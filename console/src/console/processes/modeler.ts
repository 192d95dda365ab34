import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";

import Modeler from "bpmn-js/lib/Modeler";

import { translating } from "../office/translating";
import { camunda } from "./camunda";
import { type Described, PROPERTIES, propertiesOf, withProperty } from "./properties";

interface Shape {
  readonly id: string;
  readonly businessObject: Described;
}

interface Modeling {
  updateProperties(element: Shape, properties: Record<string, unknown>): void;
  updateModdleProperties(element: Shape, part: unknown, properties: Record<string, unknown>): void;
}

interface Factory {
  create(type: string, attributes: Record<string, unknown>): unknown;
}

interface Services {
  readonly modeling: Modeling;
  readonly factory: Factory;
  readonly registry: { get(id: string): Shape | undefined; getAll(): Shape[] };
  readonly canvas: { zoom(how: string, centre?: string): void; addMarker(id: string, marker: string): void; removeMarker(id: string, marker: string): void };
  readonly selection: { select(shape: Shape): void; get(): Shape[] };
  readonly stack: { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean };
}

/** A process being drawn. */
export interface ProcessModeler {
  open(xml: string): Promise<readonly string[]>;
  xml(): Promise<string>;
  objects(): Described[];
  select(id: string): void;
  /** Change what is said of an element: its name, its id, a property, a condition, a duration. */
  rename(id: string, name: string): void;
  renumber(id: string, next: string): void;
  setProperty(id: string, name: string, value: string): void;
  setCondition(id: string, text: string): void;
  setDuration(id: string, text: string): void;
  markTroubled(ids: readonly string[]): void;
  undo(): void;
  redo(): void;
  close(): void;
}

export interface Told {
  /** Another element is chosen, or the chosen one says something else. */
  chosen(element: Described | null): void;
  changed(): void;
}

const TROUBLED = "process-troubled";

export function openModeler(container: HTMLElement, told: Told): ProcessModeler {
  const modeler = new Modeler({ container, moddleExtensions: { camunda }, additionalModules: [translating] });
  const services = servicesOf(modeler);
  let troubled: readonly string[] = [];

  const tell = (): void => {
    const chosen = services.selection.get();
    told.chosen(chosen.length === 1 ? (chosen[0]?.businessObject ?? null) : null);
  };
  modeler.on("selection.changed", tell);
  modeler.on("commandStack.changed", () => { tell(); told.changed(); });

  function markTroubled(ids: readonly string[]): void {
    for (const id of troubled) if (services.registry.get(id)) services.canvas.removeMarker(id, TROUBLED);
    troubled = ids.filter((id) => services.registry.get(id) !== undefined);
    for (const id of troubled) services.canvas.addMarker(id, TROUBLED);
  }

  async function open(xml: string): Promise<readonly string[]> {
    troubled = [];
    const { warnings } = await modeler.importXML(xml);
    services.canvas.zoom("fit-viewport", "auto");
    return warnings.map(String);
  }

  return {
    open,
    markTroubled,
    xml: async () => (await modeler.saveXML({ format: true })).xml ?? "",
    objects: () => services.registry.getAll().map((shape) => shape.businessObject),
    select: (id) => { withShape(services, id, (shape) => { services.selection.select(shape); }); },
    undo: () => { if (services.stack.canUndo()) services.stack.undo(); },
    redo: () => { if (services.stack.canRedo()) services.stack.redo(); },
    close: () => { modeler.destroy(); },
    ...editing(services),
  };
}

function servicesOf(modeler: Modeler): Services {
  return {
    modeling: modeler.get<Modeling>("modeling"),
    factory: modeler.get<Factory>("bpmnFactory"),
    registry: modeler.get<Services["registry"]>("elementRegistry"),
    canvas: modeler.get<Services["canvas"]>("canvas"),
    selection: modeler.get<Services["selection"]>("selection"),
    stack: modeler.get<Services["stack"]>("commandStack"),
  };
}

function withShape(services: Services, id: string, deed: (shape: Shape) => void): void {
  const shape = services.registry.get(id);
  if (shape !== undefined) deed(shape);
}

type Editing = Pick<ProcessModeler, "rename" | "renumber" | "setProperty" | "setCondition" | "setDuration">;

function editing(services: Services): Editing {
  const update = (id: string, properties: Record<string, unknown>): void => {
    withShape(services, id, (shape) => { services.modeling.updateProperties(shape, properties); });
  };
  const expression = (text: string): unknown => (text === "" ? undefined : services.factory.create("bpmn:FormalExpression", { body: text }));

  return {
    rename: (id, name) => { update(id, { name }); },
    renumber: (id, next) => { update(id, { id: next }); },
    setCondition: (id, text) => { update(id, { conditionExpression: expression(text) }); },
    setProperty: (id, name, value) => {
      withShape(services, id, (shape) => {
        const extensionElements = extensions(services.factory, shape.businessObject, name, value);
        services.modeling.updateProperties(shape, { extensionElements });
      });
    },
    setDuration: (id, text) => {
      withShape(services, id, (shape) => {
        const timer = shape.businessObject.eventDefinitions?.find((each) => each.$type === "bpmn:TimerEventDefinition");
        if (timer !== undefined) services.modeling.updateModdleProperties(shape, timer, { timeDuration: expression(text) });
      });
    },
  };
}

/** The extensions of an element with one property changed; what else stands there stays. */
function extensions(factory: Factory, element: Described, name: string, value: string): unknown {
  const others = (element.extensionElements?.values ?? []).filter((each) => each.$type !== PROPERTIES);
  const changed = Object.entries(withProperty(propertiesOf(element), name, value));
  const values = changed.map(([key, each]) => factory.create("camunda:Property", { name: key, value: each }));
  const holder = values.length > 0 ? [factory.create("camunda:Properties", { values })] : [];
  const all = [...holder, ...others];
  return all.length === 0 ? undefined : factory.create("bpmn:ExtensionElements", { values: all });
}
