import { defineStore } from "pinia";

import { keep, kept } from "./keep";

export interface News {
  readonly title: string;
  readonly body: string;
  /** News of one thing replaces older news of the same. */
  readonly tag: string;
  readonly open?: () => void;
}

type Leave = NotificationPermission | "unsupported";

const TONES = [880, 1174.66];
const TONE_SECONDS = 0.14;
const QUIET_MS = 1_500;

/** Sound and the system's notifications, as far as somebody wants them. */
export const useBell = defineStore("bell", {
  state: () => ({
    muted: kept("muted") === "yes",
    leave: leaveNow(),
    asked: kept("bell.asked") === "yes",
    rungAt: 0,
  }),
  getters: {
    /** True while it would be polite to ask whether notifications are welcome. */
    mayAsk: (state): boolean => state.leave === "default" && !state.asked,
  },
  actions: {
    toggle(): void {
      this.muted = !this.muted;
      keep("muted", this.muted ? "yes" : "no");
    },
    async ask(): Promise<void> {
      this.decline();
      if (this.leave === "default") this.leave = await Notification.requestPermission();
    },
    decline(): void {
      this.asked = true;
      keep("bell.asked", "yes");
    },
    tell(news: News): void {
      this.ring();
      if (this.leave !== "granted" || document.visibilityState === "visible") return;
      show(news);
    },
    ring(): void {
      const now = Date.now();
      if (this.muted || now - this.rungAt < QUIET_MS) return;
      this.rungAt = now;
      beep();
    },
  },
});

function leaveNow(): Leave {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

function show(news: News): void {
  try {
    const shown = new Notification(news.title, { body: news.body, tag: news.tag });
    shown.onclick = () => {
      window.focus();
      news.open?.();
      shown.close();
    };
  } catch {
    // Phones allow notifications only to pages that are installed: there the sound must do.
  }
}

/** Two short tones. A browser that lets no page sound before a click stays silent. */
function beep(): void {
  if (!("AudioContext" in globalThis)) return;
  const audio = new AudioContext();
  if (audio.state === "suspended") {
    void audio.close();
    return;
  }
  TONES.forEach((frequency, index) => {
    const start = audio.currentTime + index * TONE_SECONDS;
    const tone = new OscillatorNode(audio, { frequency, type: "sine" });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + TONE_SECONDS);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  });
  setTimeout(() => void audio.close(), 1_000);
}
