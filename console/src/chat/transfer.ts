/** Files that are chosen, dropped or pasted. */

export function carriesFiles(data: DataTransfer | null): boolean {
  return data !== null && Array.from(data.types).includes("Files");
}

export function filesOf(data: DataTransfer | null): File[] {
  return data === null ? [] : Array.from(data.files);
}

/** What was chosen; the field is emptied, so that the same file can be chosen again. */
export function filesOfInput(event: Event): File[] {
  const field = event.target as HTMLInputElement;
  const files = Array.from(field.files ?? []);
  field.value = "";
  return files;
}
