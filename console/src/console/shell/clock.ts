import { readonly, type Ref, ref } from "vue";

const now = ref(Date.now());
let ticking = false;

/** The present moment in milliseconds, renewed each second: one clock for every age on the page. */
export function useClock(): Readonly<Ref<number>> {
  now.value = Date.now();
  if (!ticking) {
    ticking = true;
    setInterval(() => (now.value = Date.now()), 1_000);
  }
  return readonly(now);
}
