import { expect, test } from 'vitest';
import { brushOf, drawn, edgeAt, nudged, overviewOf } from '../src/screens/jobs/brush.ts';
import { beginOf, endOf, lately, readMoment, writeMoment } from '../src/time/period.ts';

const now = Date.parse('2026-11-21T10:30:20Z');
const hour = lately('1h', now);

test('a moment in the URL is a day or a point in time with its zone, and nothing else', () => {
  expect(readMoment('2026-11-21')).toBe('2026-11-21');
  expect(readMoment('2026-11-21T09:30Z')).toBe('2026-11-21T09:30Z');
  for (const nonsense of ['2026-13-45', 'yesterday', '2026-11-21T09:30', '', null]) {
    expect(readMoment(nonsense)).toBeUndefined();
  }
  expect(writeMoment(Date.parse('2026-11-21T09:30:00Z'))).toBe('2026-11-21T09:30Z');
  expect(writeMoment(Date.parse('2026-11-21T09:30:15Z'))).toBe('2026-11-21T09:30:15Z');
});

test('a day is meant as a whole, in the zone of the reader', () => {
  expect(beginOf('2026-11-21')).toBe(new Date('2026-11-21T00:00:00').getTime());
  expect(endOf('2026-11-21')).toBe(new Date('2026-11-21T23:59:59.999').getTime());
  expect(beginOf('2026-11-21T09:30Z')).toBe(Date.parse('2026-11-21T09:30:00Z'));
});

test.each([
  ['2026-03-29', 23],
  ['2026-10-25', 25],
  ['2026-11-21', 24],
])('the day %s has %i hours in Zurich', (day, hours) => {
  const zone = process.env.TZ;
  process.env.TZ = 'Europe/Zurich';
  try {
    expect(endOf(day) - beginOf(day) + 1).toBe(hours * 3_600_000);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test('the overview stands on round times, so that its bars keep their places while time goes on', () => {
  expect(new Date(hour.to).toISOString()).toBe('2026-11-21T10:31:00.000Z');
  expect(hour.to - hour.from).toBe(3_600_000);
  expect(lately('1h', now + 39_000)).toEqual(hour);
  expect(lately('1h', now + 40_000).to).toBe(hour.to + 60_000);
});

test('the overview keeps its period as long as it holds what the list is narrowed to, and shows just that otherwise', () => {
  const none = { from: undefined, to: undefined, span: undefined };
  expect(overviewOf(none, '1h', now)).toEqual(hour);
  expect(overviewOf({ ...none, from: '2026-11-21T10:00Z', to: '2026-11-21T10:10Z' }, '1h', now)).toEqual(hour);
  expect(overviewOf({ ...none, span: '7d' }, '1h', now)).toEqual(lately('7d', now));
  const earlier = overviewOf({ ...none, from: '2026-11-20T10:00Z', to: '2026-11-20T11:00Z' }, '1h', now);
  expect(earlier).toMatchObject({ from: Date.parse('2026-11-20T10:00Z'), to: Date.parse('2026-11-20T11:00Z') });
});

test('what was drawn over the bars comes back from the times that it stands for', () => {
  const brush = drawn(31, 29);
  expect(brush).toEqual({ first: 29, end: 32 });
  expect(brushOf(hour, edgeAt(hour, brush.first), edgeAt(hour, brush.end))).toEqual(brush);
  expect(brushOf(hour, edgeAt(hour, 29), undefined)).toEqual({ first: 29, end: 60 });
});

test('all bars chosen are as good as none', () => {
  expect(brushOf(hour, undefined, undefined)).toBeUndefined();
  expect(brushOf(hour, hour.from - 1, hour.to + 1)).toBeUndefined();
  expect(brushOf(hour, hour.to, undefined)).toBeUndefined();
});

test('an edge moves no further than the other one and the ends', () => {
  expect(nudged({ first: 10, end: 12 }, 'first', 40, 60)).toEqual({ first: 11, end: 12 });
  expect(nudged({ first: 10, end: 12 }, 'end', 3, 60)).toEqual({ first: 10, end: 11 });
  expect(nudged({ first: 10, end: 12 }, 'end', 99, 60)).toEqual({ first: 10, end: 60 });
});
