import { expect, onTestFinished, test } from 'vitest';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { scaled, tellFigure } from '#test/soak.ts';
import { answersToMutants } from '#test/picture-answers.ts';

test('each of 10,000 damaged pictures is a picture or a clean refusal', async (context) => {
  const count = scaled(10_000);
  const pictures = createPictures();
  onTestFinished(() => pictures.close());
  const seed = Date.now() % 1_000_000;
  console.log('seed', seed);
  const counts = await answersToMutants(pictures, count, seed);
  expect(counts['picture']).toBeGreaterThan(count / 20);
  expect(counts['corrupt']).toBeGreaterThan(count / 20);
  tellFigure(context, 'T16', `${count} mutants (seed ${seed}): ${JSON.stringify(counts)}`);
});
