import type zh from "./zh-processes";

const en: typeof zh = {
  title: "Processes", about: "Tickets follow processes. New tickets follow the version in force; those under way finish on theirs.", steps: "Steps", chooseElement: "Choose a step, a timer or a flow in the picture to edit it here.", blanks: "What customers are told may use {'{'}ticket_no{'}'}, {'{'}waybill_no{'}'}, {'{'}reason{'}'} and others.",
  tabs: { picture: "Picture", edit: "Edit", compare: "Compare" }, check: "Check", fit: "Nothing is against it: it may be kept", keep: "Keep as a new version", kept: "Kept; it counts once it is put in force", known: "This version is known already", noteAbout: "What was changed", undo: "Undo", redo: "Redo", upload: "Open a .bpmn file", changed: "Unsaved changes",
  compare: "Compare with the one in force", same: "Both work alike; only the drawing differs", added: "added", removed: "removed", altered: "changed", rollBack: "Roll back", rollBackSure: "Go back to the version in force before?", rolledBack: "Rolled back", downloadCurrent: "Download the version in force", onlyShipped: "The version shipped with the product is in force; no other was uploaded.",
  fields: { name: "Name", id: "Id", type: "Type", duration: "Duration (ISO 8601)", condition: "Condition", default: "Default way", from: "From", to: "To", at: "At", interrupting: "Interrupting", role: "Department", queue: "Queue", skill: "Skill", form: "Form", time_allowed: "Time allowed", waits_for: "Waits for", state_on_enter: "State while it lasts", state_after: "State afterwards", customer_on_enter: "Told when it begins", customer_on_done: "Told when it is done", customer_on_fire: "Told when time is up" },
  roles: { customer_service: "customer service", lead: "lead", warehouse: "warehouse", claims: "claims", finance: "finance", dispatch: "dispatch", courier: "courier", carrier: "carrier", billing: "billing", customer: "customer", system: "system" },
};
export default en;
