import { cloneElement, type ReactElement, Suspense, useEffect, useRef, useState } from 'react';
import { type Preloadable, Preloaded } from './preloaded.tsx';
import { whenIdle } from './when-idle.ts';

interface ButtonProps {
  ref?: (button: HTMLButtonElement | null) => void;
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu' | 'dialog';
}

/** What a component is given that stands in for the button: the button itself, for its target. */
export interface Opener {
  button: ReactElement<ButtonProps>;
}

interface Props<Rest extends object> extends Opener {
  of: Preloadable<Rest & Opener>;
  opens: 'menu' | 'dialog';
  props: Rest;
}

/**
 * A button that opens a menu or a panel whose code is a file of its own: a first screen of them is drawn sooner without.
 * Once pressed, the real thing takes the button's place, and is pressed for it.
 */
export function OpensLate<Rest extends object>({ of, opens, props, button }: Props<Rest>) {
  const [pressed, setPressed] = useState(false);
  const [standIn, setStandIn] = useState<HTMLButtonElement | null>(null);
  const passedOn = useRef(false);
  useEffect(() => whenIdle(of.preload), [of]);
  useEffect(() => {
    if (!standIn || passedOn.current) return;
    passedOn.current = true;
    standIn.focus({ preventScroll: true });
    standIn.click();
  }, [standIn]);

  const closed = cloneElement(button, {
    'aria-haspopup': opens,
    onClick: () => setPressed(true),
    onPointerEnter: of.preload,
    onFocus: of.preload,
  });
  if (!pressed) return closed;
  return (
    <Suspense fallback={closed}>
      <Preloaded of={of} props={{ ...props, button: cloneElement(button, { ref: setStandIn }) }} />
    </Suspense>
  );
}
