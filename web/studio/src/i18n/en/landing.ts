import type { landing as ko } from '../ko/landing.ts';

export const landing: typeof ko = {
  title: 'Images from words',
  tagline: 'Images from the words you have in mind.',
  intro: 'Write a prompt and a GPU draws it. You pay only for the seconds it takes, and check them on a receipt.',
  start: 'Start for free',
};
