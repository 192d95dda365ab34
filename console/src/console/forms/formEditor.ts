import "@bpmn-io/form-js/dist/assets/form-js.css";
import "@bpmn-io/form-js/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js/dist/assets/properties-panel.css";

import { FormEditor } from "@bpmn-io/form-js";

import { speakIn } from "./speaking";

/** A form being edited. */
export interface FormDraft {
  open(schema: object): Promise<readonly string[]>;
  schema(): Record<string, unknown>;
  close(): void;
}

export function openEditor(container: HTMLElement, changed: () => void): FormDraft {
  const editor = new FormEditor({ container });
  editor.on("changed", changed);
  const hush = speakIn(container);

  return {
    open: async (schema) => (await editor.importSchema(schema)).warnings.map(String),
    schema: () => editor.saveSchema() as Record<string, unknown>,
    close: () => { hush(); editor.destroy(); },
  };
}
