import { watch } from "vue";
import { useRouter } from "vue-router";

/** Open the first of a list where nothing has been chosen yet, so that no page stands half empty. */
export function useFirst(chosen: () => string, first: () => string | undefined): void {
  const router = useRouter();
  watch([chosen, first], ([name, address]) => {
    if (name === "" && address !== undefined) void router.replace(address);
  }, { immediate: true });
}
