/** What a host needs to run the engine; importing this loads neither weights nor native code. */
import { fileURLToPath } from 'node:url';

/** The file to fork, with `serialization: 'advanced'`. */
export const miniEngineFile = fileURLToPath(new URL('./engine.ts', import.meta.url));
export { miniModel, miniVersion } from './model.ts';
export type { FromEngine, MiniRequest, ToEngine } from './protocol.ts';
