/** What the widget remembers on the host page; where storage is forbidden it remembers nothing. */
export interface Memory {
  has(what: string): boolean;
  note(what: string): void;
}

export function pageMemory(site: string, storage: () => Storage = () => window.localStorage): Memory {
  const key = (what: string): string => `yiwen.widget.${site}.${what}`;
  return {
    has: (what) => {
      try {
        return storage().getItem(key(what)) !== null;
      } catch {
        return false;
      }
    },
    note: (what) => {
      try {
        storage().setItem(key(what), "1");
      } catch {
        // The greeting will be shown again; that is all.
      }
    },
  };
}
