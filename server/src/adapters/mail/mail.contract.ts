import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
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

/** What every way of sending mail must keep: one test for each entry, in the caller's own `test`, which may bring a database. */
export const mailContract: { guarantee: string; holds: (under: MailUnderTest) => Promise<void> }[] = [
  {
    guarantee: 'a message arrives word for word',
    holds: async ({ mail, deliveredTo }) => {
      const message = aMessage();
      await mail.send(message);
      expect(await deliveredTo(message.to)).toEqual([message]);
    },
  },
  {
    guarantee: 'a message sent again by a chore that died is delivered once',
    holds: async ({ mail, deliveredTo }) => {
      const message = aMessage();
      await Promise.all([mail.send(message), mail.send(message), mail.send({ ...message, subject: 'again' })]);
      expect(await deliveredTo(message.to)).toHaveLength(1);
    },
  },
  {
    guarantee: 'two messages to one address both arrive',
    holds: async ({ mail, deliveredTo }) => {
      const first = aMessage();
      await mail.send(first);
      await mail.send({ ...aMessage(), to: first.to });
      expect(await deliveredTo(first.to)).toHaveLength(2);
    },
  },
];
