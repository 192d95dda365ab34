import { createApp } from "vue";

import ChatShell from "./components/ChatShell.vue";
import { socketConnection } from "./connection";
import { framingHost, readSite } from "./host";
import { styleOf } from "./theme";
import { Visiting } from "./visit";
import "./style/theme.css";
import "./style/chat.css";
import "./style/log.css";
import "./style/cards.css";
import "./style/files.css";

const site = readSite(document.getElementById("yiwen-site")?.textContent);
const claimed = new URLSearchParams(window.location.search).get("host") ?? "";
const host = framingHost(window, site, claimed);
const connect = (): ReturnType<typeof socketConnection> => socketConnection(window.location.origin);
const visiting = new Visiting({ host, site, connect });

const style = document.createElement("style");
style.textContent = styleOf(site?.colour ?? "");
document.head.append(style);
window.addEventListener("online", () => visiting.state.chat?.conversation.reconnect());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") visiting.state.chat?.conversation.reconnect();
});
createApp(ChatShell, { visiting, host, title: site?.title ?? "" }).mount("#chat");
visiting.begin();
