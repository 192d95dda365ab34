import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./shell/style.css";
import "./shell/parts.css";
import "./shell/frame.css";

import { createPinia } from "pinia";
import { createApp } from "vue";

import { i18n } from "./i18n";
import { router } from "./router";
import App from "./shell/App.vue";

createApp(App).use(createPinia()).use(i18n).use(router).mount("#console");
