import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { plans } from '@pingvas/domain';
import { aPicture } from '#adapters/pictures/test-pictures.ts';
import { thumbnailKey } from '#adapters/storage/index.ts';
import { newId } from '#platform/new-id.ts';
import { aKeyCaller, aPerson, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aForm, storedKeys, upload } from '#test/uploads.ts';

const aPng = (width = 48, height = 32): Promise<Buffer> => aPicture(width, height).png().toBuffer();

/** Uploads a picture and returns its id. */
async function anImage(api: TestApi, as: Caller, bytes?: Uint8Array): Promise<string> {
  const answer = await upload(api, as, bytes ?? (await aPng()));
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().image_id;
}

type Row = {
  storage_key: string;
  kind: string;
  width: number;
  height: number;
  size_bytes: number;
  sha256: string;
  deleted_at: Date | null;
};

const rowsOf = async (db: TestDatabase, { workspaceId }: Caller): Promise<Row[]> =>
  (
    await db.owner.pool.query<Row>('select * from public.image where workspace_id = $1 order by image_id', [
      workspaceId,
    ])
  ).rows;

const storageBytes = async (db: TestDatabase, { workspaceId }: Caller): Promise<number> =>
  (
    await db.owner.pool.query<{ storage_bytes: number }>(
      'select storage_bytes from public.credit_account where workspace_id = $1',
      [workspaceId],
    )
  ).rows[0]!.storage_bytes;

const idsOf = (answer: { json: () => { data: { image_id: string }[] } }): string[] =>
  answer.json().data.map((image) => image.image_id);

describe('upload', () => {
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    test(`a ${format} becomes a recorded PNG with its thumbnails, and its bytes are counted`, async ({ db, api }) => {
      const caller = await aKeyCaller(db);
      const answer = await upload(api, caller, await aPicture(700, 300)[format]().toBuffer());
      expect(answer.statusCode).toBe(201);
      expect(answer.json()).toEqual({ image_id: expect.any(String), width: 700, height: 300 });
      const [row] = await rowsOf(db, caller);
      const png = (await api.storage.get(row!.storage_key))!;
      expect(row).toMatchObject({
        kind: 'upload',
        width: 700,
        height: 300,
        size_bytes: png.byteLength,
        sha256: createHash('sha256').update(png).digest('hex'),
      });
      expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 700, height: 300 });
      for (const size of [512, 256] as const) {
        const thumbnail = (await api.storage.get(thumbnailKey(row!.storage_key, size)))!;
        expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'webp', width: size });
      }
      expect(await storageBytes(db, caller)).toBe(png.byteLength);
    });
  }

  test('a picture is turned upright, and what its camera wrote into it is gone', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const jpeg = await aPicture(64, 32)
      .withExif({ IFD0: { Artist: 'somebody' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const imageId = await anImage(api, caller, jpeg);
    const { rawPayload } = await api.call({ url: `/api/v1/images/${imageId}/content`, as: caller });
    const facts = await sharp(rawPayload).metadata();
    expect([facts.width, facts.height, facts.exif, facts.orientation]).toEqual([32, 64, undefined, undefined]);
  });

  test('what is no picture is refused and leaves nothing', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const cut = (await aPng()).subarray(0, 200);
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(0),
      cut,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ]) {
      const answer = await upload(api, caller, bytes);
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'unsupported_image']);
    }
    expect(await storedKeys(api.storage, caller.workspaceId)).toEqual([]);
    expect(await storageBytes(db, caller)).toBe(0);
  });

  test('20 MB are read, one byte more is too large', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    expect((await upload(api, caller, Buffer.alloc(20_000_000))).json().code).toBe('unsupported_image');
    for (const sizeBytes of [20_000_001, 25_000_000]) {
      const answer = await upload(api, caller, Buffer.alloc(sizeBytes));
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'payload_too_large']);
    }
  });

  test('a form without the one file is refused, saying what to send', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const send = (payload: Buffer | string, headers: Record<string, string>) =>
      api.call({ method: 'POST', url: '/api/v1/uploads', as: caller, payload, headers });
    const none = aForm([]);
    const other = aForm([{ bytes: await aPng(), field: 'picture' }]);
    for (const form of [none, other]) {
      const answer = await send(form.payload, form.headers);
      expect([answer.statusCode, answer.json().code, answer.json().errors?.[0]?.pointer]).toEqual([
        422,
        'invalid_request',
        '/file',
      ]);
    }
    const open = aForm([{ bytes: await aPng() }]);
    const cut = await send(open.payload.subarray(0, 300), open.headers);
    expect([cut.statusCode, cut.json().code]).toEqual([400, 'malformed_request']);
    const json = await send('{"file": "x"}', { 'content-type': 'application/json' });
    expect([json.statusCode, json.json().code]).toEqual([415, 'unsupported_media_type']);
    const bare = await send(await aPng(), { 'content-type': 'image/png' });
    expect([bare.statusCode, bare.json().code]).toEqual([415, 'unsupported_media_type']);
    expect(await rowsOf(db, caller)).toEqual([]);
  });

  test('a workspace at its storage limit keeps what it has and takes nothing more', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    await anImage(api, caller);
    const before = await storedKeys(api.storage, caller.workspaceId);
    await db.owner.pool.query('update public.credit_account set storage_bytes = $2 where workspace_id = $1', [
      caller.workspaceId,
      plans[caller.plan].storageBytes,
    ]);
    const answer = await upload(api, caller, await aPng());
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'storage_exhausted']);
    expect(await storedKeys(api.storage, caller.workspaceId)).toEqual(before);
    expect(await rowsOf(db, caller)).toHaveLength(1);
  });

  test('the same key and file answer the first image again; another file does not get through under that key', async ({
    db,
    api,
  }) => {
    const caller = await aKeyCaller(db);
    const key = { 'idempotency-key': newId() };
    const png = await aPng();
    const first = await upload(api, caller, png, key);
    const again = await upload(api, caller, png, key);
    expect([again.statusCode, again.headers['idempotent-replayed'], again.json()]).toEqual([201, 'true', first.json()]);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    const other = await upload(api, caller, await aPng(32, 48), key);
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_key_reused']);
    const neighbour = await upload(api, await aKeyCaller(db), png, key);
    expect(neighbour.headers['idempotent-replayed']).toBeUndefined();
    expect(await rowsOf(db, caller)).toHaveLength(1);
    expect(await storedKeys(api.storage, caller.workspaceId)).toHaveLength(3);
  });

  test('five equal uploads at once under one key make one image', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const png = await aPng();
    const key = { 'idempotency-key': newId() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => upload(api, caller, png, key)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.json().image_id)).size).toBe(1);
    expect(await rowsOf(db, caller)).toHaveLength(1);
    expect(await storedKeys(api.storage, caller.workspaceId)).toHaveLength(3);
  });

  test('a key of yesterday is free again, also before it has been cleaned away', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const key = { 'idempotency-key': newId() };
    const first = await upload(api, caller, await aPng(), key);
    await db.owner.pool.query(
      "update public.idempotency set created_at = now() - interval '25 hours' where workspace_id = $1",
      [caller.workspaceId],
    );
    const later = await upload(api, caller, await aPng(32, 48), key);
    expect(later.statusCode).toBe(201);
    expect(later.json().image_id).not.toBe(first.json().image_id);
  });

  test('a suspended workspace uploads nothing and can still look', async ({ db, api }) => {
    const person = await aPerson(db);
    await db.owner.pool.query('update public.workspace set suspended_at = now() where workspace_id = $1', [
      person.workspaceId,
    ]);
    const caller = await aSessionCaller(db, { of: person });
    const answer = await upload(api, caller, await aPng());
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'workspace_suspended']);
    expect((await api.call({ url: '/api/v1/images', as: caller })).statusCode).toBe(200);
  });
});

describe('reading', () => {
  test('the list pages newest first and ends', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const png = await aPng();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await anImage(api, caller, png));
    const seen: string[][] = [];
    let cursor: string | null = null;
    do {
      const answer = await api.call({
        url: `/api/v1/images?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
        as: caller,
      });
      seen.push(idsOf(answer));
      cursor = answer.json<{ next_cursor: string | null }>().next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    const wrong = await api.call({ url: '/api/v1/images?cursor=elsewhere', as: caller });
    expect([wrong.statusCode, wrong.json().errors[0].pointer]).toEqual([422, '/cursor']);
  });

  test('the bytes come private, unsniffable and with a tag that saves sending them again', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const imageId = await anImage(api, caller, await aPng(700, 300));
    const image = (await api.call({ url: `/api/v1/images/${imageId}`, as: caller })).json();
    const [row] = await rowsOf(db, caller);
    const sources = [
      [image.url, row!.storage_key, 'image/png'],
      [image.thumbnails['512'], thumbnailKey(row!.storage_key, 512), 'image/webp'],
      [image.thumbnails['256'], thumbnailKey(row!.storage_key, 256), 'image/webp'],
    ] as const;
    const tags = new Set<unknown>();
    for (const [url, key, type] of sources) {
      const answer = await api.call({ url, as: caller });
      expect(answer.rawPayload.equals((await api.storage.get(key))!), url).toBe(true);
      expect(answer.headers).toMatchObject({
        'content-type': type,
        'content-length': String(answer.rawPayload.byteLength),
        'x-content-type-options': 'nosniff',
        'cache-control': expect.stringMatching(/^private/),
      });
      const tag = String(answer.headers.etag);
      tags.add(tag);
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
        const again = await api.call({ url, as: caller, headers: { 'if-none-match': known } });
        expect([again.statusCode, again.rawPayload.byteLength, again.headers.etag]).toEqual([304, 0, tag]);
      }
      expect((await api.call({ url, as: caller, headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
      expect((await api.call({ url })).statusCode).toBe(401);
    }
    expect(tags.size).toBe(3);
  });

  test('a stranger’s picture is the same 404 as none, on every route, and stays as it was', async ({ db, api }) => {
    const owner = await aSessionCaller(db);
    const imageId = await anImage(api, owner);
    const before = await rowsOf(db, owner);
    for (const stranger of [await aSessionCaller(db), await aKeyCaller(db)]) {
      const routes = [
        ['GET', ''],
        ['GET', '/content'],
        ['GET', '/content?size=256'],
        ['DELETE', ''],
        ...('keyId' in stranger ? [] : [['POST', '/restore'] as const]),
      ] as const;
      for (const [method, path] of routes) {
        const [there, nowhere] = await Promise.all(
          [imageId, newId()].map((id) =>
            api.call({
              method,
              url: `/api/v1/images/${id}${path}`,
              as: stranger,
              headers: { 'x-request-id': 'same-request' },
            }),
          ),
        );
        expect([there!.statusCode, there!.json().code], `${method} ${path}`).toEqual([404, 'image_not_found']);
        expect(there!.body).toBe(nowhere!.body);
      }
      expect(idsOf(await api.call({ url: '/api/v1/images', as: stranger }))).toEqual([]);
    }
    expect(await rowsOf(db, owner)).toEqual(before);
  });
});

describe('order and kind', () => {
  test('a list can begin with the oldest, page on from there, and show one kind alone', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const [first, second, third] = [await anImage(api, caller), await anImage(api, caller), await anImage(api, caller)];
    const list = async (query: string) => (await api.call({ url: `/api/v1/images?${query}`, as: caller })).json();
    const page = await list('order=oldest&limit=2');
    expect(page.data.map((image: { image_id: string }) => image.image_id)).toEqual([first, second]);
    const rest = await list(`order=oldest&limit=2&cursor=${page.next_cursor}`);
    expect([rest.data.map((image: { image_id: string }) => image.image_id), rest.next_cursor]).toEqual([[third], null]);
    expect((await list('kind=upload')).data).toHaveLength(3);
    expect((await list('kind=result')).data).toEqual([]);
  });
});

describe('trash', () => {
  test('a deleted picture lies in the trash, still counts and still opens, and comes back', async ({ db, api }) => {
    const caller = await aSessionCaller(db);
    const [gone, kept] = [await anImage(api, caller), await anImage(api, caller)];
    const bytes = await storageBytes(db, caller);
    const list = async (query: string) => idsOf(await api.call({ url: `/api/v1/images${query}`, as: caller }));

    const deleted = await api.call({ method: 'DELETE', url: `/api/v1/images/${gone}`, as: caller });
    expect([deleted.statusCode, deleted.json().deleted_at]).toEqual([200, expect.any(String)]);
    const again = await api.call({ method: 'DELETE', url: `/api/v1/images/${gone}`, as: caller });
    expect(again.json().deleted_at).toBe(deleted.json().deleted_at);
    expect([await list(''), await list('?trash=true')]).toEqual([[kept], [gone]]);
    expect((await api.call({ url: `/api/v1/images/${gone}/content`, as: caller })).statusCode).toBe(200);
    expect(await storageBytes(db, caller)).toBe(bytes);

    const restored = await api.call({ method: 'POST', url: `/api/v1/images/${gone}/restore`, as: caller });
    expect([restored.statusCode, restored.json().deleted_at]).toEqual([200, null]);
    expect([await list(''), await list('?trash=true')]).toEqual([[kept, gone], []]);
  });

  test('a picture whose 30 days are over cannot come back: its objects may be going at this moment', async ({
    db,
    api,
  }) => {
    const caller = await aSessionCaller(db);
    const imageId = await anImage(api, caller);
    const age = (interval: string) =>
      db.owner.pool.query('update public.image set deleted_at = now() - $2::interval where image_id = $1', [
        imageId,
        interval,
      ]);
    const restore = () => api.call({ method: 'POST', url: `/api/v1/images/${imageId}/restore`, as: caller });
    await age('30 days 1 minute');
    const late = await restore();
    expect([late.statusCode, late.json().code]).toEqual([404, 'image_not_found']);
    await age('29 days 23 hours');
    expect((await restore()).statusCode).toBe(200);
  });

  test('a viewer looks and changes nothing', async ({ db, api }) => {
    const owner = await aSessionCaller(db);
    const imageId = await anImage(api, owner);
    const viewer = await aSessionCaller(db);
    await db.owner.pool.query(
      "insert into public.workspace_member (workspace_id, user_id, role) values ($1, $2, 'viewer')",
      [owner.workspaceId, viewer.userId],
    );
    const before = await rowsOf(db, owner);
    const inside = { headers: { ...viewer.headers, 'x-workspace-id': owner.workspaceId } };
    expect(idsOf(await api.call({ url: '/api/v1/images', as: inside }))).toEqual([imageId]);
    // From its own workspace, too: a role there gives no right here.
    for (const as of [inside, viewer]) {
      expect((await api.call({ url: `/api/v1/images/${imageId}/content`, as })).statusCode).toBe(200);
      for (const [method, path] of [
        ['DELETE', ''],
        ['POST', '/restore'],
      ] as const) {
        const answer = await api.call({ method, url: `/api/v1/images/${imageId}${path}`, as });
        expect([answer.statusCode, answer.json().code], `${method} ${path}`).toEqual([403, 'role_not_allowed']);
      }
    }
    const refused = await upload(api, inside, await aPng());
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'role_not_allowed']);
    expect(await rowsOf(db, owner)).toEqual(before);
  });

  test('a key deletes but does not restore', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const imageId = await anImage(api, caller);
    expect((await api.call({ method: 'DELETE', url: `/api/v1/images/${imageId}`, as: caller })).statusCode).toBe(200);
    const restore = await api.call({ method: 'POST', url: `/api/v1/images/${imageId}/restore`, as: caller });
    expect([restore.statusCode, restore.json().code]).toEqual([403, 'session_required']);
  });
});
