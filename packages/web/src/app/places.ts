import { useLocation } from 'react-router';

/** The main screens, in the order of the header. */
export const PLACES = [
  { to: '/jobs', label: 'Jobs' },
  { to: '/workflows', label: 'Workflows' },
  { to: '/schedules', label: 'Schedules' },
  { to: '/subjects', label: 'Subjects' },
  { to: '/statistics', label: 'Statistics' },
  { to: '/workers', label: 'Workers' },
  { to: '/settings', label: 'Settings' },
] as const;

/** The main screen that the reader is on, or on a page of. */
export function useHere(): (typeof PLACES)[number] | undefined {
  const { pathname } = useLocation();
  return PLACES.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
}
