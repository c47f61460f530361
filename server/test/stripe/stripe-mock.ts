import { execFile, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { freePort } from '#test/free-port.ts';

/** Whether Stripe's own mock is installed here (`go install github.com/stripe/stripe-mock@v0.203.0`). */
export const hasStripeMock = (): Promise<boolean> =>
  promisify(execFile)('stripe-mock', ['-version']).then(
    () => true,
    () => false,
  );

/** Starts it on loopback; it knows the schema of Stripe's API and remembers nothing. For one test. */
export async function startStripeMock(): Promise<string> {
  const [http, https] = [await freePort(), await freePort()];
  const child = spawn('stripe-mock', ['-http-addr', `127.0.0.1:${http}`, '-https-addr', `127.0.0.1:${https}`], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill());
  const url = `http://127.0.0.1:${http}`;
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  while (!(await answers())) await delay(50);
  return url;
}
