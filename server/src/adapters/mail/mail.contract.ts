import { randomUUID } from 'node:crypto';
import { expect, type TestAPI } from 'vitest';
import type { Mail, MailMessage } from './port.ts';

/** An implementation with a way to see what was delivered to an address. */
export type MailUnderTest = { mail: Mail; deliveredTo: (address: string) => Promise<MailMessage[]> };

const aMessage = (): MailMessage => ({
  messageId: randomUUID(),
  to: `${randomUUID()}@example.com`,
  subject: '주소를 확인해 주세요',
  text: 'line one\nhttps://example.com/verify?a=1&b=2',
  html: '<p>&lt;b&gt; 안녕하세요</p>',
});

/** What every way of sending mail must keep. `test` comes from the caller, so that it can bring a database. */
export function mailContract<Extra extends object>(
  test: TestAPI<Extra>,
  open: (context: Extra) => MailUnderTest,
): void {
  test('a message arrives word for word', async (context) => {
    const { mail, deliveredTo } = open(context);
    const message = aMessage();
    await mail.send(message);
    expect(await deliveredTo(message.to)).toEqual([message]);
  });

  test('a message sent again by a chore that died is delivered once', async (context) => {
    const { mail, deliveredTo } = open(context);
    const message = aMessage();
    await Promise.all([mail.send(message), mail.send(message), mail.send({ ...message, subject: 'again' })]);
    expect(await deliveredTo(message.to)).toHaveLength(1);
  });

  test('two messages to one address both arrive', async (context) => {
    const { mail, deliveredTo } = open(context);
    const first = aMessage();
    await mail.send(first);
    await mail.send({ ...aMessage(), to: first.to });
    expect(await deliveredTo(first.to)).toHaveLength(2);
  });
}
