import { Menu } from '@mantine/core';
import { Link } from 'react-router';
import type { Opener } from './opens-late.tsx';
import { PLACES, useHere } from './places.ts';

export default function NavigationItems({ button }: Opener) {
  const here = useHere();
  return (
    <Menu position="bottom-start" width={190}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {PLACES.map((place) => (
          <Menu.Item key={place.to} component={Link} to={place.to} aria-current={place === here ? 'page' : undefined}>
            {place.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
