import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { camunda } from "./camunda";

interface Canvas {
  zoom(how: string, centre?: string): void;
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
}

interface Registry {
  get(id: string): unknown;
  getAll(): { readonly id: string; readonly businessObject: unknown }[];
}

/** A picture of a process that may be moved about, with elements marked by classes. */
export interface DiagramViewer {
  /** Draw a file; answers what bpmn-js has to remark. */
  open(xml: string): Promise<readonly string[]>;
  /** Mark elements; earlier marks go. */
  mark(marks: Readonly<Record<string, readonly string[]>>): void;
  objects(): unknown[];
  close(): void;
}

export function openViewer(container: HTMLElement): DiagramViewer {
  const viewer = new NavigatedViewer({ container, moddleExtensions: { camunda } });
  const canvas = viewer.get<Canvas>("canvas");
  const registry = viewer.get<Registry>("elementRegistry");
  let marked: [string, string][] = [];

  function mark(marks: Readonly<Record<string, readonly string[]>>): void {
    for (const [id, marker] of marked) if (registry.get(id) !== undefined) canvas.removeMarker(id, marker);
    marked = Object.entries(marks).flatMap(([marker, ids]) => ids.map((id): [string, string] => [id, marker]));
    marked = marked.filter(([id]) => registry.get(id) !== undefined);
    for (const [id, marker] of marked) canvas.addMarker(id, marker);
  }

  async function open(xml: string): Promise<readonly string[]> {
    marked = [];
    const { warnings } = await viewer.importXML(xml);
    canvas.zoom("fit-viewport", "auto");
    return warnings.map(String);
  }

  return {
    open,
    mark,
    objects: () => registry.getAll().map((element) => element.businessObject),
    close: () => { viewer.destroy(); },
  };
}
