import { fieldsOf, textOf } from "./reading";
import { TEXTS } from "./texts";
import type { Outcome, Sender, Sending } from "./uploads";

const DOOR = "/api/chat/files";
const PATIENCE_MS = 120_000;

/** Sends files over XMLHttpRequest, which alone tells how much has gone; `token` opens the conversation. */
export function fileSender(token: () => string | null): Sender {
  return (file, progress) => sendFile(file, token(), progress);
}

function sendFile(file: File, token: string | null, progress: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<Outcome>((settle) => {
    if (token === null) {
      settle({ outcome: "broken" });
      return;
    }
    request.open("POST", DOOR);
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => settle(outcomeOf(request.status, request.responseText));
    for (const end of ["onerror", "onabort", "ontimeout"] as const) {
      request[end] = () => settle({ outcome: "broken" });
    }
    const form = new FormData();
    form.append("file", file, file.name || "file");
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

/** What an answer means: what is wrong with the file itself stays wrong when it is sent again. */
export function outcomeOf(status: number, body: string): Outcome {
  if (status === 201) return { outcome: "kept" };
  const detail = textOf(fieldsOf(parsed(body))?.detail) || TEXTS.upload.broken;
  return { outcome: "refused", detail, mayRetry: status >= 500 || status === 401 || status === 429 };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
