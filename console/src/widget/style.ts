import type { Theme } from "./settings";

const LIGHT = "#ffffff";
const DARK = "#10181b";

/** White or nearly black, whichever is read more easily on a colour (WCAG 2.2, relative luminance). */
export function inkOn(colour: string): string {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) >= (light + 0.05) / (luminance(DARK) + 0.05) ? LIGHT : DARK;
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(colour.substr(at, 2), 16) / 255));
  return 0.2126 * (red || 0) + 0.7152 * (green || 0) + 0.0722 * (blue || 0);
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
}

/** The widget's own style; it lives in a shadow root, so that neither page disturbs the other. */
export function styleOf(theme: Theme): string {
  const side = theme.position;
  return `
:host{all:initial}
*{box-sizing:border-box}
[hidden]{display:none!important}
.launcher,.greeting,.panel{position:fixed;z-index:2147483000;
font:15px/1.5 system-ui,-apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
.launcher{${side}:20px;bottom:20px;bottom:calc(20px + env(safe-area-inset-bottom));width:60px;height:60px;
padding:0;border:0;border-radius:50%;background:${theme.colour};color:${inkOn(theme.colour)};cursor:pointer;
box-shadow:0 4px 16px rgba(0,0,0,.28)}
.launcher:focus-visible,.greeting button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #0a5cad}
.launcher svg{width:30px;height:30px;display:block;margin:auto;fill:none;stroke:currentColor;stroke-width:1.8}
.count{position:absolute;top:-4px;right:-4px;min-width:24px;height:24px;padding:0 6px;border:2px solid #fff;
border-radius:12px;background:#b3261e;color:#fff;font-size:13px;font-weight:600;line-height:20px;text-align:center}
.greeting{${side}:20px;bottom:92px;max-width:260px;padding:12px 36px 12px 16px;border-radius:14px;background:#fff;
color:#1a2226;box-shadow:0 4px 20px rgba(0,0,0,.2)}
.greeting button{position:absolute;top:2px;right:2px;width:32px;height:32px;border:0;border-radius:10px;
background:transparent;color:#56646b;font-size:15px;cursor:pointer}
.panel{${side}:20px;bottom:92px;width:400px;height:640px;max-width:calc(100vw - 40px);max-height:calc(100vh - 112px);
border:0;border-radius:16px;background:#f5f7f8;box-shadow:0 8px 40px rgba(0,0,0,.3);overflow:hidden}
.panel iframe{display:block;width:100%;height:100%;border:0}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap}
@media (max-width:600px){
.panel{top:0;right:0;bottom:0;left:0;width:100%;height:100%;max-width:none;max-height:none;border-radius:0}
.open .launcher,.open .greeting{display:none}}
@media (prefers-color-scheme:dark){.greeting{background:#1a2125;color:#e7edef}.greeting button{color:#a3b1b8}}`;
}
