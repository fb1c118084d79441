import { type HotkeyItem, useHotkeys } from '@mantine/hooks';

/** Keys of the page: they do nothing while somebody types, or while a dialog or a menu is open that has keys of its own. */
export function useKeys(keys: readonly [key: string, act: () => void][]): void {
  useHotkeys(
    keys.map(
      ([key, act]): HotkeyItem => [
        key,
        (event) => {
          if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
          event.preventDefault();
          act();
        },
        { preventDefault: false },
      ],
    ),
  );
}
