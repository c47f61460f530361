import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function linesOf(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ level: 'info', process: 'test', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

test('a line names its process and carries no secret that was handed to it by name', () => {
  const text = linesOf((log) =>
    log.info(
      { password: 'canary', body: { token: 'canary', prompt: 'canary' }, headers: { authorization: 'canary' } },
      'x',
    ),
  );
  expect(JSON.parse(text)).toMatchObject({ process: 'test', msg: 'x', password: '[cut]' });
  expect(text).not.toContain('canary');
});

test('an error is told by its message, code and stack, without the row a database error carries', () => {
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(canary)',
    where: 'canary',
    parameters: ['canary'],
  });
  const text = linesOf((log) => log.error({ err: error }, 'failed'));
  expect(JSON.parse(text).err).toMatchObject({ message: 'duplicate key', code: '23505', stack: expect.any(String) });
  expect(text).not.toContain('canary');
});
