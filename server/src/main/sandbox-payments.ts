import path from 'node:path';
import { catalogue } from '@pingvas/domain';
import { startSandbox } from '@pingvas/sandbox-payments';
import { serveAsChild } from '#platform/child.ts';
import { loadEnvironment, readConfig } from '#platform/config.ts';
import { createMetrics } from '#platform/telemetry.ts';

// The payment provider of development, as a server of its own: it sells the catalogue and sends its webhooks to the API beside it.

const { production, dataDir, http, sandboxPayments } = readConfig(loadEnvironment());
const { url, secret } = sandboxPayments;
if (production || url === null || secret === null)
  throw new Error('The sandbox is for development: SANDBOX_PAYMENTS_URL and SANDBOX_PAYMENTS_SECRET must be set.');
const metrics = createMetrics('sandbox-payments');
const sandbox = await startSandbox({
  port: Number(new URL(url).port),
  file: path.join(dataDir, 'sandbox-payments.json'),
  apiKey: secret,
  storeId: '1',
  variants: catalogue,
  webhook: { url: `http://127.0.0.1:${http.port}/api/v1/webhooks/sandbox`, secret },
});
serveAsChild({ registry: metrics.registry, stop: () => sandbox.stop() });
