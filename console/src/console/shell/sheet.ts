import { defineStore } from "pinia";

/** Whether the sheet of keys lies open. */
export const useSheet = defineStore("sheet", {
  state: () => ({ open: false }),
  actions: {
    toggle(): void {
      this.open = !this.open;
    },
  },
});
