/** Keeps the widths of the panels, which work as well without a storage and whatever stands in it. */
export const layoutStorage = {
  getItem(key: string): string | null {
    try {
      const text = localStorage.getItem(key);
      return text !== null && isLayout(JSON.parse(text)) ? text : null;
    } catch {
      return null;
    }
  },
  setItem(key: string, text: string): void {
    try {
      localStorage.setItem(key, text);
    } catch {
      // It is full, or forbidden.
    }
  },
};

function isLayout(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((size) => typeof size === 'number');
}
