import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HintBus } from './port.ts';

/** What every bus must do. `makeBus` gives two processes' ends of the same bus. */
export function hintsContract(makeBus: () => HintBus): void {
  test('a hint of one process reaches every subscriber of its channel in another, and no other channel', async () => {
    const [sender, receiver] = [makeBus(), makeBus()];
    const [mine, other] = [`pingvas_${randomUUID()}`, `pingvas_${randomUUID()}`];
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    const ready = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const subscriptions = ready.map(({ resolve }, at) =>
      receiver.subscribe({
        channels: {
          [mine]: (payload) => {
            heard.push(`${at} ${payload}`);
            if (heard.length === 4) all.resolve();
          },
        },
        onConnected: resolve,
      }),
    );
    await Promise.all(ready.map(({ promise }) => promise));
    await sender.publish([
      { channel: mine, payload: 'first' },
      { channel: other, payload: 'not ours' },
      { channel: mine, payload: '둘째' },
    ]);
    await all.promise;
    expect(heard.toSorted()).toEqual(['0 first', '0 둘째', '1 first', '1 둘째']);
    for (const subscription of subscriptions) await subscription.close();
    await Promise.all([sender.close(), receiver.close()]);
  });
}
