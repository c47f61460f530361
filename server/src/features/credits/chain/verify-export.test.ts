import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSigningKey } from '#platform/signing-key.ts';
import { aLedgerExport, type MadeUpStep, signExport } from '#test/ledger-export.ts';
import { canonicalJson as canonical } from './hashes.ts';
import { type DayHead, dayStatement, leafOf, rootOf } from './day.ts';
import type { LedgerExport, PublishedLedger } from './export-format.ts';
import { type ExportedEntry, hashRecord } from './record.ts';
import { createLedgerSigner, type LedgerSigner } from './signer.ts';
import { verifyExport } from './verify-export.ts';

const signer = createLedgerSigner(makeSigningKey());
const stranger = createLedgerSigner(makeSigningKey());

const step: fc.Arbitrary<MadeUpStep> = fc.record({
  amount: fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((amount) => amount !== 0),
  reason: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
});
const steps = fc.array(step, { minLength: 1, maxLength: 8 });
const anExport = steps.map((made) => aLedgerExport(made, { signer }));

type Path = (string | number)[];

/** Every place of a JSON value where there is a word, a number or nothing. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    placesOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? [path, ...inner] : inner;
}

/** Another value of the same kind, as somebody who cheats would write it. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (value === null) return 'f'.repeat(64);
  if (Array.isArray(value)) return value.length === 0 ? [{ grant_id: 'x', amount_milli: 1 }] : value.slice(1);
  const text = value as string;
  const last = text.at(-1);
  return last === 'Z'
    ? text.replace(/\d(?=Z$)/, (digit) => String((Number(digit) + 1) % 10))
    : text.slice(0, -1) + (last === '0' ? '1' : '0');
}

function change(target: unknown, path: Path, to: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to(target);
  const copy = (Array.isArray(target) ? [...(target as unknown[])] : { ...(target as object) }) as Record<
    Path[number],
    unknown
  >;
  copy[key] = change(copy[key], rest, to);
  return copy;
}

const withEntries = (file: LedgerExport, entries: unknown[]): unknown => ({ ...file, entries });

describe('an export that nobody touched', () => {
  test('is valid, whatever is in it, also after a way through text', () => {
    fc.assert(
      fc.property(anExport, (file) => {
        const verdict = verifyExport(JSON.parse(JSON.stringify(file)), publishedBy(signer));
        expect(verdict).toMatchObject({
          ok: true,
          entries: file.entries.length,
          balance_milli: file.head.balance_milli,
          key_published: true,
        });
      }),
    );
  });

  test('is valid without entries', () => {
    expect(verifyExport(aLedgerExport([], { signer }))).toMatchObject({ ok: true, entries: 0, hash: null });
  });

  test('says that its key was not compared when no published keys are given', () => {
    expect(verifyExport(aLedgerExport([{ amount: 5, reason: null }]))).toMatchObject({ ok: true, key_published: null });
  });

  test('stays valid when reasons were erased before it was made', () => {
    const made = [1, 2, 3].map((amount) => ({ amount, reason: `for ${amount}` }));
    expect(verifyExport(aLedgerExport(made, { signer, erased: [1, 3] }))).toMatchObject({ ok: true });
  });
});

describe('one altered entry', () => {
  test('is named, whichever entry and whichever field it is', () => {
    fc.assert(
      fc.property(anExport, fc.nat(), fc.nat(), (file, whichEntry, whichField) => {
        const at = whichEntry % file.entries.length;
        const entry = file.entries[at]!;
        const places = placesOf(entry);
        const place = places[whichField % places.length]!;
        const altered = file.entries.with(at, change(entry, place, other) as ExportedEntry);
        expect(verifyExport(withEntries(file, altered)), place.join('.')).toMatchObject({ ok: false, seq: at + 1 });
      }),
      { numRuns: 500 },
    );
  });

  test('is named for every single field of a grant and of a charge', () => {
    const file = aLedgerExport(
      [
        { amount: 5_000, reason: 'bought' },
        { amount: -700, reason: 'a picture' },
        { amount: -1, reason: null },
      ],
      { signer },
    );
    for (const [at, entry] of file.entries.entries()) {
      const names = Object.keys(entry);
      for (const place of placesOf(entry)) {
        const altered = file.entries.with(at, change(entry, place, other) as ExportedEntry);
        expect(verifyExport(withEntries(file, altered)), place.join('.')).toMatchObject({ ok: false, seq: at + 1 });
      }
      for (const name of names) {
        const less = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name));
        expect(
          verifyExport(withEntries(file, file.entries.with(at, less as ExportedEntry))),
          `without ${name}`,
        ).toMatchObject({
          ok: false,
          seq: at + 1,
        });
      }
      const more = { ...entry, note: 'x' };
      expect(verifyExport(withEntries(file, file.entries.with(at, more))), 'one more').toMatchObject({
        ok: false,
        seq: at + 1,
      });
    }
  });

  test('is named also when it was hashed anew', () => {
    fc.assert(
      fc.property(anExport, fc.nat(), fc.integer({ min: 1, max: 1_000 }), (file, which, more) => {
        const at = which % file.entries.length;
        const { hash: _, reason, reason_salt, ...record } = file.entries[at]!;
        const forged = { ...record, reference: `${record.reference}${more}` };
        const altered = file.entries.with(at, { ...forged, hash: hashRecord(forged), reason, reason_salt });
        expect(verifyExport(withEntries(file, altered))).toMatchObject({
          ok: false,
          code: 'entry_altered',
          seq: at + 1,
        });
      }),
    );
  });

  test('is found when its reason is passed off as erased', () => {
    const file = aLedgerExport([{ amount: 5, reason: 'true words' }], { signer });
    const [entry] = file.entries;
    expect(verifyExport(withEntries(file, [{ ...entry, reason: null, reason_salt: null }]))).toMatchObject({
      code: 'entry_reason_altered',
      seq: 1,
    });
  });
});

describe('entries that are not all there, once, in order', () => {
  const several = fc.array(step, { minLength: 3, maxLength: 8 }).map((made) => aLedgerExport(made, { signer }));

  test('one left out: the first place that does not fit is named', () => {
    fc.assert(
      fc.property(several, fc.nat(), (file, which) => {
        const at = which % file.entries.length;
        expect(verifyExport(withEntries(file, file.entries.toSpliced(at, 1)))).toMatchObject({
          ok: false,
          seq: at + 1,
        });
      }),
    );
  });

  test('one twice: the second is named', () => {
    fc.assert(
      fc.property(several, fc.nat(), (file, which) => {
        const at = which % file.entries.length;
        const doubled = file.entries.toSpliced(at, 0, file.entries[at]!);
        expect(verifyExport(withEntries(file, doubled))).toMatchObject({ ok: false, seq: at + 2 });
      }),
    );
  });

  test('two exchanged: the first of them is named', () => {
    fc.assert(
      fc.property(several, fc.nat(), (file, which) => {
        const at = which % (file.entries.length - 1);
        const [one, two] = [file.entries[at]!, file.entries[at + 1]!];
        expect(verifyExport(withEntries(file, file.entries.with(at, two).with(at + 1, one)))).toMatchObject({
          ok: false,
          seq: at + 1,
        });
      }),
    );
  });

  test('the end cut off: the first missing one is named, and a head that agrees has no signature', () => {
    fc.assert(
      fc.property(several, fc.integer({ min: 1, max: 3 }), (file, cut) => {
        const entries = file.entries.slice(0, -cut);
        expect(verifyExport(withEntries(file, entries))).toMatchObject({
          ok: false,
          code: 'entry_missing',
          seq: entries.length + 1,
        });
        const { head, signature } = signExport({ workspaceId: file.workspace_id, entries, erased: [] }, stranger);
        expect(verifyExport({ ...file, entries, head })).toMatchObject({ ok: false, code: 'signature_invalid' });
        const own = { ...file, entries, head, signature: { ...signature, key_id: file.signature.key_id } };
        expect(verifyExport(own)).toMatchObject({ ok: false, code: 'key_altered' });
      }),
    );
  });

  test('one of another workspace is named', () => {
    const made = [{ amount: 5, reason: null }];
    const [foreign] = aLedgerExport(made, { workspaceId: 'another' }).entries;
    expect(verifyExport(withEntries(aLedgerExport(made), [foreign]))).toMatchObject({ code: 'entry_foreign', seq: 1 });
  });
});

describe('a ledger that was wrong when it was sealed', () => {
  const forge = (alter: (entry: ExportedEntry) => void) => {
    const { entries, workspace_id } = aLedgerExport([{ amount: 500, reason: null }], { signer });
    const entry = structuredClone(entries[0]!);
    alter(entry);
    const { hash: _, reason: __, reason_salt: ___, ...record } = entry;
    return signExport(
      { workspaceId: workspace_id, entries: [{ ...entry, hash: hashRecord(record) }], erased: [] },
      signer,
    );
  };

  test.for([
    ['a balance that does not follow', (entry) => (entry.balance_after_milli += 1)],
    ['a side that is missing', (entry) => entry.postings.pop()],
    ['an amount of its own on the other side', (entry) => (entry.postings[1]!.amount_milli = -499)],
    ['a grant of another amount', (entry) => (entry.issued!.granted_milli = 501)],
    ['payers without a charge', (entry) => (entry.issued = null)],
  ] as [string, (entry: ExportedEntry) => void][])('is refused: %s', ([, alter]) => {
    expect(verifyExport(forge(alter))).toMatchObject({ ok: false, code: 'entry_sums_wrong', seq: 1 });
  });
});

const publishedBy = (...signers: LedgerSigner[]): PublishedLedger => ({
  format: 'pingvas-ledger-keys/1',
  keys: signers.map(({ keyId, publicKey }) => ({
    key_id: keyId,
    algorithm: 'Ed25519',
    public_key: publicKey,
    first_used_at: '2026-11-01T00:00:00.000Z',
  })),
  days: [],
});

describe('who signed', () => {
  const file = aLedgerExport([{ amount: 5, reason: null }], { signer });

  test('is a published key, old ones too', () => {
    expect(verifyExport(file, publishedBy(stranger, signer))).toMatchObject({ ok: true, key_published: true });
  });

  test('is refused when the key is not published, or published with another’s name', () => {
    expect(verifyExport(file, publishedBy(stranger))).toMatchObject({ ok: false, code: 'key_unknown' });
    const misnamed = publishedBy(stranger);
    misnamed.keys[0]!.key_id = signer.keyId;
    expect(verifyExport(file, misnamed)).toMatchObject({ ok: false, code: 'key_unknown' });
  });

  test.for([['entries'], ['hash'], ['balance_milli'], ['exported_at'], ['erased'], ['days']] as const)(
    'is not found when %s of the head was altered',
    ([field]) => {
      const head = {
        ...file.head,
        [field]: field === 'days' ? [{ day: '2026-11-22', seq: 1, salt: 'x' }] : other(file.head[field]),
      };
      expect(verifyExport({ ...file, head })).toMatchObject({ ok: false });
    },
  );

  test.for([null, 7, 'text', [], {}, { format: 'pingvas-ledger-export/2' }, { ...file, extra: 1 }])(
    'what is no export is refused without a crash: %j',
    (value) => {
      expect(verifyExport(value)).toMatchObject({ ok: false, code: 'not_an_export' });
    },
  );
});

describe('the heads of days', () => {
  const base = aLedgerExport(
    [
      { amount: 5_000, reason: null },
      { amount: -10, reason: null },
    ],
    { signer },
  );
  const place = { day: '2026-11-22', seq: 1, salt: 'ab'.repeat(32) };
  const leaf = leafOf({ ...place, workspace_id: base.workspace_id, hash: base.entries[0]!.hash });
  const head = { ...base.head, days: [place] };
  const file: LedgerExport = { ...base, head, signature: resign(base, head) };

  function resign({ workspace_id, entries }: LedgerExport, { days }: LedgerExport['head']) {
    const { head: plain, signature } = signExport({ workspaceId: workspace_id, entries, erased: [] }, signer);
    const statement = { format: base.format, workspace_id, head: { ...plain, days }, key_id: signer.keyId };
    return { ...signature, value: signer.sign(canonical(statement)) };
  }
  function published(list: string[], by = signer): PublishedLedger {
    const older: DayHead = { day: '2026-11-21', root: rootOf([]), leaves: 0, previous_root: null };
    const day: DayHead = { day: place.day, root: rootOf(list), leaves: list.length, previous_root: older.root };
    return {
      ...publishedBy(signer),
      days: [
        { ...day, key_id: by.keyId, signature: by.sign(dayStatement(day)), list: [...list].sort() },
        { ...older, key_id: signer.keyId, signature: signer.sign(dayStatement(older)) },
      ],
    };
  }

  test('confirm a chain that is in their list', () => {
    expect(verifyExport(file, published([leaf, 'f'.repeat(64)]))).toMatchObject({ ok: true, days_confirmed: 1 });
  });

  test('name the entry at which the published list knows another chain', () => {
    expect(verifyExport(file, published(['f'.repeat(64)]))).toMatchObject({ ok: false, code: 'day_disagrees', seq: 1 });
  });

  test('are refused when a list, a root, an order or a signature was altered', () => {
    const list = published([leaf]);
    list.days[0]!.list = [leaf, leaf];
    const root = published([leaf]);
    root.days[1]!.root = 'e'.repeat(64);
    const order = published([leaf]);
    order.days.splice(1, 0, { ...order.days[1]!, day: '2026-11-20' });
    for (const altered of [list, root, order, published([leaf], stranger)]) {
      expect(verifyExport(file, altered)).toMatchObject({ ok: false, code: 'day_altered' });
    }
  });
});
