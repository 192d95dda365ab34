declare module "dmn-js/lib/Modeler" {
  export interface View {
    readonly type: string;
    readonly name?: string;
    readonly element: unknown;
  }

  export default class Modeler {
    constructor(options: { container: HTMLElement; drd?: object; decisionTable?: object });
    importXML(xml: string, options?: { open?: boolean }): Promise<{ warnings: readonly unknown[] }>;
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>;
    getViews(): View[];
    open(view: View): Promise<unknown>;
    on(event: string, listener: () => void): void;
    getActiveViewer(): { on(event: string, listener: () => void): void } | undefined;
    destroy(): void;
  }
}
