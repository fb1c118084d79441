import { type ComponentType, lazy, useState } from 'react';

/** A component whose code is a file of its own, like React's `lazy`, and can be sent for before it is shown. */
export interface Preloadable<Props extends object> {
  /** Sends for the code. That it did not come is told where it is shown. */
  preload(): void;
  /** The component if its code is here, else one that waits for it. */
  component(): ComponentType<Props>;
}

export function preloadable<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): Preloadable<Props> {
  let ready: ComponentType<Props> | undefined;

  async function fetchCode() {
    const loaded = await load();
    ready = loaded.default;
    return loaded;
  }

  const later = lazy(fetchCode);
  return {
    preload: () => void fetchCode().catch(() => undefined),
    component: () => ready ?? later,
  };
}

/**
 * Shows it, inside a `Suspense`. When its code is here it appears at once: without a placeholder, and without the moment
 * for which React keeps one on the screen.
 */
export function Preloaded<Props extends object>({ of, props }: { of: Preloadable<Props>; props: Props }) {
  const [Component] = useState(of.component);
  return <Component {...props} />;
}
