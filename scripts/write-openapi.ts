// Writes the public contract to sdk/openapi.json. A test fails when the committed file is not what the API emits.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '../server/src/main/document.ts';

writeFileSync(path.join(import.meta.dirname, '../sdk/openapi.json'), await openApiDocument());
