import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";

import Modeler from "dmn-js/lib/Modeler";

import { translating } from "../office/translating";

/** A decision table being edited. */
export interface TableEditor {
  open(xml: string): Promise<readonly string[]>;
  xml(): Promise<string>;
  close(): void;
}

export function openTable(container: HTMLElement, changed: () => void): TableEditor {
  const modeler = new Modeler({ container, decisionTable: { additionalModules: [translating] } });

  async function open(xml: string): Promise<readonly string[]> {
    const { warnings } = await modeler.importXML(xml, { open: false });
    const view = modeler.getViews().find((each) => each.type === "decisionTable");
    if (view === undefined) throw new Error("no decision table");
    await modeler.open(view);
    modeler.getActiveViewer()?.on("elements.changed", changed);
    return warnings.map(String);
  }

  return {
    open,
    xml: async () => (await modeler.saveXML({ format: true })).xml,
    close: () => { modeler.destroy(); },
  };
}
