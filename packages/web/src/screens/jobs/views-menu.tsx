import { Button } from '@mantine/core';
import { OpensLate } from '../../app/opens-late.tsx';
import { preloadable } from '../../app/preloaded.tsx';
import type { ViewsProps } from './views-panel.tsx';

const panel = preloadable(() => import('./views-panel.tsx'));

/** The lists that were kept under a name, on the server. */
export function ViewsMenu(props: ViewsProps) {
  return <OpensLate of={panel} opens="dialog" props={props} button={<Button>Views</Button>} />;
}
