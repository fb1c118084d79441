import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { SCHEMES } from './color-schemes.ts';
import type { Opener } from './opens-late.tsx';

export default function ColorSchemeItems({ button }: Opener) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={170}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ value, label, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} />}
            rightSection={value === colorScheme && <IconCheck size={14} />}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
