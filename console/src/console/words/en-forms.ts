import type zh from "./zh-forms";

const en: typeof zh = {
  title: "Forms", about: "What is filled in at each step, and what the bot asks for in a talk.", fields: "{count} fields", preview: "Preview", check: "Check the answers", fits: "They fit, and would be kept so:", doesNotFit: "{count} to be mended", kept: "Kept; it counts once it is put in force", upload: "Open a .json file", draft: "This is a draft that is not kept yet", backToActive: "See the one in force", onlyShipped: "The version shipped with the product is in force; no other was uploaded.",
};
export default en;
