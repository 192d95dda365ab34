import { Calls, type YiwenApi } from "./api";
import { complain } from "./complaint";
import { pageMemory } from "./memory";
import { type Settings, settingsOf, themeOf } from "./settings";
import { Widget } from "./widget";
import { readIdentity } from "./wire";

declare global {
  interface Window {
    Yiwen?: YiwenApi;
    /** Set before the script is loaded: who visits, as `Yiwen.identify` takes it. */
    yiwenIdentity?: unknown;
  }
}

function begin(script: HTMLScriptElement): void {
  const settings = settingsOf(script);
  if (settings === null) {
    complain("data-site 缺失或不正确");
    return;
  }
  const calls = new Calls();
  window.Yiwen = calls.asApi();
  askForTheme(settings, (theme) => {
    const identity = readIdentity(window.yiwenIdentity);
    const widget = new Widget(settings, themeOf(theme, script), pageMemory(settings.site), identity);
    whenThereIsABody(() => {
      widget.appear();
      calls.serve(widget);
    });
  });
}

/** Ask how the chat looks here; a page that may not show it shows nothing, and says why once. */
function askForTheme(settings: Settings, then: (theme: unknown) => void): void {
  const request = new XMLHttpRequest();
  request.open("GET", `${settings.house}/api/sites/${settings.site}/public`);
  request.onload = () => {
    if (request.status === 200) then(JSON.parse(request.responseText).theme);
    else complain(`站点「${settings.site}」不存在、已停用，或不允许 ${window.location.origin} 使用`);
  };
  request.onerror = () => complain(`连不上 ${settings.house}，或不允许 ${window.location.origin} 使用`);
  request.send();
}

function whenThereIsABody(then: () => void): void {
  if (document.body !== null) then();
  else document.addEventListener("DOMContentLoaded", then);
}

const script = document.currentScript;
// A page that carries the tag twice has one chat all the same.
if (script instanceof HTMLScriptElement && window.Yiwen === undefined) begin(script);
