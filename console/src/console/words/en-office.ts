import type zh from "./zh-office";

const en: typeof zh = {
  retry: "Try again", loading: "Loading", cancel: "Cancel", confirm: "OK", save: "Save", more: "Load more", reload: "Refresh", add: "Add", remove: "Remove", edit: "Edit",
  verbs: "Actions", d: "d", h: "h", m: "min", saved: "Saved", removed: "Removed", sure: "Remove this?", yes: "Yes", no: "No", none: "Nothing here yet", search: "Search", close: "Close",
  download: "Download", shipped: "Shipped with the product", active: "In force", versions: "Versions", version: "Version", note: "Note", by: "By", at: "At", activate: "Put in force", activated: "In force from now on",
  activateSure: "Put version {version} in force? Whatever begins from now on follows it.", choose: "Choose something from the list", noMore: "That is all", unsaved: "There are unsaved changes. Leave anyway?",
};
export default en;
