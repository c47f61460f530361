import { generateEndpoints } from '@rtk-query/codegen-openapi';
import { expect, test } from 'vitest';
import config from '../../api-client.config.json' with { type: 'json' };
import committed from './api.gen.ts?raw';

const fromHere = (file: string): string => new URL(`../../${file}`, import.meta.url).pathname;

test('the client is what `npm run openapi` writes from the contract', async () => {
  const { outputFile: _file, schemaFile, prettierConfigFile, endpointOverrides, ...rest } = config;
  const written = await generateEndpoints({
    ...rest,
    endpointOverrides: endpointOverrides.map(({ pattern }) => ({ pattern, type: 'query' })),
    schemaFile: fromHere(schemaFile),
    prettierConfigFile: fromHere(prettierConfigFile),
    apiFile: './base-api.ts',
  });
  expect(written).toBe(committed);
});
