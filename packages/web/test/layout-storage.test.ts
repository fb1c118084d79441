import { afterEach, expect, test, vi } from 'vitest';
import { layoutStorage } from '../src/screens/job/layout-storage.ts';

afterEach(() => vi.unstubAllGlobals());

test('the widths of panels are given back, and nothing else that stands in their place', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  layoutStorage.setItem('widths', '{"info":20,"steps":80}');
  expect(layoutStorage.getItem('widths')).toBe('{"info":20,"steps":80}');
  for (const text of ['', '{"info":', 'null', '7', '{"info":"wide"}']) {
    kept.set('widths', text);
    expect(layoutStorage.getItem('widths'), text).toBeNull();
  }
});

test('a browser that forbids its storage has no widths', () => {
  const forbidden = () => {
    throw new Error('Access is denied.');
  };
  vi.stubGlobal('localStorage', { getItem: forbidden, setItem: forbidden });
  layoutStorage.setItem('widths', '{"info":20}');
  expect(layoutStorage.getItem('widths')).toBeNull();
});
