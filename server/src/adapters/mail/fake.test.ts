import { test } from 'vitest';
import { createFakeMail } from './fake.ts';
import { mailContract } from './mail.contract.ts';

mailContract(test, () => {
  const mail = createFakeMail();
  return { mail, deliveredTo: async (address) => Promise.resolve(mail.messages().filter(({ to }) => to === address)) };
});
