import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '#test/free-port.ts';

const run = promisify(execFile);
const version = 'v1.8.0';
const toolFolder = path.join(import.meta.dirname, `../../node_modules/.cache/tools/versitygw-${version}`);

/** A real server of the S3 protocol that checks signatures (versitygw, Apache-2.0), with an empty bucket. */
export type S3Server = {
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  stop: () => Promise<void>;
};

/** Whether the server can be had here: it is built once, with Go, from Go's module proxy. */
export async function hasGo(): Promise<boolean> {
  return (
    existsSync(path.join(toolFolder, 'versitygw')) ||
    (await run('go', ['version']).then(
      () => true,
      () => false,
    ))
  );
}

/** Builds the server when it is not there yet (about two minutes, once), starts it on a free port and makes a bucket. */
export async function startS3Server(): Promise<S3Server> {
  const binary = path.join(toolFolder, 'versitygw');
  if (!existsSync(binary)) {
    mkdirSync(toolFolder, { recursive: true });
    await run('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
      env: { ...process.env, GOBIN: toolFolder },
    });
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-s3-'));
  const bucket = 'pictures';
  // In this server's posix backend a folder is a bucket.
  mkdirSync(path.join(folder, bucket));
  const port = await freePort();
  const [accessKeyId, secretAccessKey] = ['test-access', 'test-secret-of-some-length'];
  const child = spawn(
    binary,
    ['--access', accessKeyId, '--secret', secretAccessKey, '--port', `127.0.0.1:${port}`, 'posix', folder],
    { stdio: 'ignore' },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(endpoint).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`versitygw ended with code ${child.exitCode}`);
    await delay(50);
  }
  return {
    endpoint,
    bucket,
    accessKeyId,
    secretAccessKey,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
