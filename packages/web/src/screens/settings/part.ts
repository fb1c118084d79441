import { useSearchParams } from 'react-router';

export const PARTS = ['tokens', 'webhooks'] as const;
export type Part = (typeof PARTS)[number];

/** The part of the settings that is shown; it stands in the URL. */
export function useSettingsPart() {
  const [params, setParams] = useSearchParams();
  const part = PARTS.find((known) => known === params.get('tab')) ?? 'tokens';
  return { part, choose: (next: Part) => setParams(next === 'tokens' ? {} : { tab: next }) };
}
