import { type HotkeyItem, useHotkeys } from '@mantine/hooks';

/** Whether something was open that has keys of its own when the key was pressed. */
let taken = false;

// Asked before anybody else has heard of the key: the dialog that it closes may be gone when the page hears of it. This
// listener is there before those of the dialogs.
window.addEventListener(
  'keydown',
  () => {
    taken = document.querySelector('[role="dialog"], [role="menu"]') !== null;
  },
  { capture: true },
);

/** Keys of the page: they do nothing while somebody types, or while a dialog or a menu is open that has keys of its own. */
export function useKeys(keys: readonly [key: string, act: () => void][]): void {
  useHotkeys(
    keys.flatMap(([key, act]) =>
      pressedAs(key).map(
        (pressed): HotkeyItem => [
          pressed,
          (event) => {
            if (taken) return;
            event.preventDefault();
            act();
          },
          { preventDefault: false },
        ],
      ),
    ),
  );
}

/** Whether a sign takes Shift depends on the keyboard: `/` is Shift and 7 on a German one. */
function pressedAs(key: string): string[] {
  return /^[a-z]/i.test(key) ? [key] : [key, `shift+${key}`];
}
