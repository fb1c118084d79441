import { figure } from './table.ts';

export interface Goal {
  name: string;
  limit: string;
  found: string;
  met: boolean;
}

export function atLeast(name: string, limit: number, value: number): Goal {
  return { name, limit: `at least ${limit}`, found: figure(value), met: value >= limit };
}

export function atMost(name: string, limit: number, value: number): Goal {
  return { name, limit: `at most ${limit}`, found: figure(value), met: value <= limit };
}

export function goalRow({ found, limit, met, name }: Goal): string[] {
  return [name, limit, found, met ? 'met' : 'missed'];
}
