import { useEffect } from 'react';
import type { Tone } from './tone.ts';

/** Browsers draw the icons of tabs without the page's styles; readable on light and dark ones. */
const COLOURS: Record<Tone, string> = {
  queued: '#7b8698',
  running: '#3b74f2',
  waiting: '#8a63dc',
  completed: '#1f9d52',
  failed: '#dc3030',
  cancelled: '#d97706',
  skipped: '#7b8698',
};

const SHAPES: Record<Tone, string> = {
  queued:
    '<circle cx="9" cy="9" r="5.5" fill="none" stroke="#fff" stroke-width="2"/><path d="M9 6v3l2 1.5" stroke="#fff" stroke-width="1.6" fill="none"/>',
  running: '<path d="M7 5.5v7l6-3.5z" fill="#fff"/>',
  waiting: '<path d="M6.5 5.5v7M11.5 5.5v7" stroke="#fff" stroke-width="2.4"/>',
  completed: '<path d="M5 9.4l2.8 2.8L13 6.6" stroke="#fff" stroke-width="2.2" fill="none"/>',
  failed: '<path d="M6 6l6 6M12 6l-6 6" stroke="#fff" stroke-width="2.2"/>',
  cancelled: '<path d="M5.5 12.5l7-7" stroke="#fff" stroke-width="2.2"/>',
  skipped: '',
};

/** Makes the icon of the browser's tab show how the thing on the page does; the product's own comes back afterwards. */
export function useStatusFavicon(tone: Tone | undefined): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link || tone === undefined) return;
    const own = link.href;
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><rect width="18" height="18" rx="5" fill="${COLOURS[tone]}"/>${SHAPES[tone]}</svg>`;
    link.href = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
    return () => {
      link.href = own;
    };
  }, [tone]);
}
