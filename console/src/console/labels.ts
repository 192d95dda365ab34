import { useI18n } from "vue-i18n";

export type Labels = (group: string, key: string) => string;

/** The words for the house's keys; a key nobody has put into words is shown as it is. */
export function useLabels(): Labels {
  const { t, te } = useI18n();
  return (group, key) => (te(`${group}.${key}`) ? t(`${group}.${key}`) : key);
}
