import { onBeforeUnmount, readonly, type Ref, ref } from "vue";

/** The present moment, renewed every half minute, so that `今天` turns into `昨天` on an open page. */
export function useNow(): Readonly<Ref<Date>> {
  const now = ref(new Date());
  const timer = setInterval(() => (now.value = new Date()), 30_000);
  onBeforeUnmount(() => clearInterval(timer));
  return readonly(now) as Readonly<Ref<Date>>;
}
