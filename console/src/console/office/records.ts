import { ref, type Ref, shallowRef, type ShallowRef } from "vue";
import { useI18n } from "vue-i18n";

import { useDeeds } from "./deeds";
import { type Loaded, useLoaded } from "./loaded";

type Deed = () => Promise<unknown>;

/** A list whose records are changed in a dialog. */
export interface Records<T> {
  readonly loaded: Loaded<T[]>;
  readonly isBusy: Ref<boolean>;
  readonly isOpen: Ref<boolean>;
  /** The record being changed; null is a new one. */
  readonly opened: ShallowRef<T | null>;
  open(record: T | null): void;
  /** Do it, close the dialog and show the list as it is now; on failure the dialog stays. */
  keep(deed: Deed): Promise<void>;
  /** Remove a record, once that has been confirmed. */
  drop(deed: Deed): Promise<void>;
}

export function useRecords<T>(ask: () => Promise<T[]>): Records<T> {
  const { t } = useI18n();
  const deeds = useDeeds();
  const loaded = useLoaded(ask);
  const isOpen = ref(false);
  const opened = shallowRef<T | null>(null);
  void loaded.reload();

  function open(record: T | null): void {
    opened.value = record;
    isOpen.value = true;
  }

  async function keep(deed: Deed): Promise<void> {
    if (!(await deeds.run(deed, t("office.saved")))) return;
    isOpen.value = false;
    await loaded.reload();
  }

  async function drop(deed: Deed): Promise<void> {
    if (!window.confirm(t("office.sure"))) return;
    if (await deeds.run(deed, t("office.removed"))) await loaded.reload();
  }

  return { loaded, isBusy: deeds.isBusy, isOpen, opened, open, keep, drop };
}
