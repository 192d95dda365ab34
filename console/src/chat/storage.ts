/** The part of `localStorage` the chat needs; it may be absent or full, so nothing here throws. */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

/** Keeps for the life of the page only: for tests and for browsers that forbid storage. */
export function memoryKeep(): Keep {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** A part of a keep for one site, so that sites on one address do not share conversations. */
export function keepOf(keep: Keep, site: string): Keep {
  const own = (key: string): string => `yiwen.site.${site}/${key}`;
  return {
    get: (key) => keep.get(own(key)),
    set: (key, value) => keep.set(own(key), value),
    remove: (key) => keep.remove(own(key)),
    keys: (prefix) => keep.keys(own(prefix)).map((key) => key.slice(own("").length)),
  };
}

export function browserKeep(): Keep {
  const storage = usableStorage();
  return storage === null ? memoryKeep() : storageKeep(storage);
}

function usableStorage(): Storage | null {
  try {
    window.localStorage.setItem("yiwen.chat.probe", "1");
    window.localStorage.removeItem("yiwen.chat.probe");
    return window.localStorage;
  } catch {
    return null;
  }
}

function storageKeep(storage: Storage): Keep {
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => {
      try {
        storage.setItem(key, value);
      } catch {
        // A full storage costs the copy that survives a reload, not the message on the screen.
        storage.removeItem(key);
      }
    },
    remove: (key) => storage.removeItem(key),
    keys: (prefix) => Object.keys(storage).filter((key) => key.startsWith(prefix)),
  };
}
