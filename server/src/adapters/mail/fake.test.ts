import { test } from 'vitest';
import { createFakeMail } from './fake.ts';
import { mailContract } from './mail.contract.ts';

for (const { guarantee, holds } of mailContract) {
  test(guarantee, async () => {
    const mail = createFakeMail();
    await holds({
      mail,
      deliveredTo: async (address) => Promise.resolve(mail.messages().filter(({ to }) => to === address)),
    });
  });
}
