import { createApp } from "vue";

import ChatPage from "./components/ChatPage.vue";
import { socketConnection } from "./connection";
import { Conversation } from "./conversation";
import { browserKeep } from "./storage";
import "./style/theme.css";
import "./style/chat.css";
import "./style/log.css";
import "./style/cards.css";

const conversation = new Conversation(socketConnection(window.location.origin), browserKeep());
window.addEventListener("online", () => conversation.reconnect());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") conversation.reconnect();
});
createApp(ChatPage, { conversation }).mount("#chat");
conversation.open();
