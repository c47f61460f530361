import { expect, onTestFinished, test } from 'vitest';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { answersToMutants } from '#test/picture-answers.ts';

test('each of 10,000 damaged pictures is a picture or a clean refusal', async () => {
  const pictures = createPictures();
  onTestFinished(() => pictures.close());
  const seed = Date.now() % 1_000_000;
  console.log('seed', seed);
  const counts = await answersToMutants(pictures, 10_000, seed);
  expect(counts['picture']).toBeGreaterThan(500);
  expect(counts['corrupt']).toBeGreaterThan(500);
});
