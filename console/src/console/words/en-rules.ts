import type zh from "./zh-rules";

const en: typeof zh = {
  title: "Rules", about: "These tables decide on routing, priority, compensation and the like. Try a change, replay last month with it, then put it in force.", count: "{count} rules", nothing: "none", unchanged: "unchanged", but: "all but {listed}", hitPolicies: { FIRST: "the first one counts", UNIQUE: "only one fits", COLLECT: "all are collected", ANY: "all must agree", "RULE ORDER": "all, in order" }, inForce: "Version in force", upload: "Open a .dmn file", kept: "Kept; it counts once it is put in force", look: "Look", same: "Both versions say the same",
  tabs: { sheet: "Table", try: "Try", replay: "Replay", evaluations: "Decisions" }, try: "Try it", noneFired: "No rule fired", replay: "Replay", replayAbout: "Decides anew what was decided in this time, with the chosen version, and shows what would differ. No ticket is changed.", since: "From", until: "to",
  replayed: "{evaluated} decided anew, {different} differ ({share}%)", failed: "{failed} could not be decided", subject: "About", subjectAbout: "Ticket number, e.g. T20261122000001", before: "Then", after: "With this version", states: { added: "added", removed: "removed", changed: "changed", moved: "moved" },
};
export default en;
