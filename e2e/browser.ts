import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const cache = path.join(import.meta.dirname, '../node_modules/.cache/browser');

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A real Chromium without a window: an installed one, else the one of an npm package (Linux x64). Rejects with what to do where there is neither.
 */
export async function openBrowser(): Promise<Browser> {
  const own = installed.find((file) => existsSync(file));
  if (own !== undefined) return launch(own);
  const packed = await unpackBrowser();
  // A bare machine lacks NSS and its kin; the package brings them, for those who need them.
  return launch(packed).catch(() => launch(packed, { LD_LIBRARY_PATH: path.join(cache, 'al2023/lib') }));
}

// No flag weakens what the tests look at: the page's policy and the same-origin rule stay on (the package's own list of flags turns them off).
const launch = (executablePath: string, env: Record<string, string> = {}): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    env: { ...process.env, ...env },
  });

/**
 * The package unpacks into the temporary folder, where a second user of the machine may not enter and half a file counts as whole; hence a folder of
 * this clone, renamed when complete. Resolves to the browser's file.
 */
async function unpackBrowser(): Promise<string> {
  const file = path.join(cache, 'chromium');
  if (existsSync(file)) return file;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The browser tests need Chrome or Chromium: install it, then run them again.');
  const unpacking = `${cache}-${process.pid}`;
  mkdirSync(unpacking, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = unpacking;
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium');
    await packed.executablePath();
    const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
    await inflate(path.join(path.dirname(entry), '../bin/al2023.tar.br'));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  rmSync(cache, { recursive: true, force: true });
  renameSync(unpacking, cache);
  return file;
}
