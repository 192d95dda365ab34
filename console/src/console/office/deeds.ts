import { ElMessage } from "element-plus/es/components/message/index";
import "element-plus/es/components/message/style/css";
import { ref, type Ref } from "vue";

import { wordsOf } from "./loaded";

export interface Deeds {
  readonly isBusy: Ref<boolean>;
  /** Do something; say so, or say why not. Answers whether it was done. */
  run(deed: () => Promise<unknown>, done?: string): Promise<boolean>;
}

export function useDeeds(onFailure?: (error: unknown) => boolean): Deeds {
  const isBusy = ref(false);

  async function run(deed: () => Promise<unknown>, done = ""): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    try {
      await deed();
      if (done !== "") tell(done);
      return true;
    } catch (error) {
      if (onFailure?.(error) !== true) complain(error);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  return { isBusy, run };
}

export function tell(text: string): void {
  ElMessage({ message: text, type: "success", grouping: true });
}

export function complain(error: unknown): void {
  ElMessage({ message: wordsOf(error), type: "error", duration: 6000, showClose: true, grouping: true });
}
