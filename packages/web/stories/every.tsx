/** A page on which a test shows one story after the other, without the tools of Storybook around it. */
// First of all, since it puts the mock engine in the place of the server.
import '../mock/browser.ts';
import { composeStories, setProjectAnnotations } from '@storybook/react-vite';
import preview from '../.storybook/preview.tsx';

setProjectAnnotations([preview]);

type StoryFile = Parameters<typeof composeStories>[0];

interface Story {
  run(context: { canvasElement: HTMLElement }): Promise<void>;
}

const stories = new Map<string, Story>();
const files = import.meta.glob<StoryFile>('./*.stories.tsx', { eager: true });
for (const [file, exported] of Object.entries(files)) {
  for (const [name, story] of Object.entries<Story>(composeStories(exported)))
    stories.set(`${file.slice('./'.length)} ${name}`, story);
}

/** Draws a story and plays it to its end; fails when either does. */
async function showStory(name: string): Promise<void> {
  const story = stories.get(name);
  const canvasElement = document.getElementById('story');
  if (!story || !canvasElement) throw new Error(`There is no story "${name}".`);
  await story.run({ canvasElement });
}

Object.assign(window, { storyNames: [...stories.keys()], showStory });
