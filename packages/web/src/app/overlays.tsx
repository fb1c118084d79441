import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { overlaysHere } from './overlays-state.ts';

/**
 * Where questions and notices appear. In a file of its own, and beside the page rather than around it: nothing asks or
 * tells before somebody has done something, so it comes behind the first screen. What is told before it is here waits.
 */
export default function Overlays() {
  useEffect(() => overlaysHere.resolve(), []);
  return (
    <>
      <ModalsProvider modalProps={{ size: 420 }}>{null}</ModalsProvider>
      <Notifications position="bottom-left" />
    </>
  );
}
