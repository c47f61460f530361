import { z } from 'zod';
import type { Storage } from '#adapters/storage/index.ts';
import { discard } from './upload-image.ts';

const payloadSchema = z.object({ storage_keys: z.array(z.string()) });

/** Removes the objects of pictures whose rows are gone (a wiped job). Running it twice changes nothing more. */
export async function deleteObjects({ storage }: { storage: Storage }, payload: unknown): Promise<void> {
  for (const key of payloadSchema.parse(payload).storage_keys) await discard(storage, key);
}
