/** What this browser remembers of somebody's habits; it may forbid remembering, so nothing here throws. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`yiwen.console.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`yiwen.console.${name}`, value);
  } catch {
    // Then it is asked anew on the next visit.
  }
}
