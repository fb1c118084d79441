import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { SCHEMES } from './color-schemes.ts';
import { OpensLate } from './opens-late.tsx';
import { preloadable } from './preloaded.tsx';

const items = preloadable(() => import('./color-scheme-items.tsx'));

/** Light, dark or the system's choice; the choice is kept in this browser. */
export function ColorSchemeMenu() {
  const { colorScheme } = useMantineColorScheme();
  const Current = SCHEMES.find(({ value }) => value === colorScheme)?.Icon ?? IconDeviceDesktop;
  return (
    <OpensLate
      of={items}
      opens="menu"
      props={{}}
      button={
        <ActionIcon aria-label="Theme" size={30}>
          <Current size={16} />
        </ActionIcon>
      }
    />
  );
}
