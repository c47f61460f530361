import type { TestApi } from '#test/app.ts';
import type { Schema } from '#test/schema-arbitrary.ts';

/** A place of the contract that takes a text, and the request that carries it there. */
export type Place = {
  name: string;
  request: (text: string) => {
    method: 'GET' | 'POST';
    url: string;
    payload?: string;
    headers?: Record<string, string>;
  };
};

type Operation = {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };

/** Values by the name of a property or path parameter, so that a request is wrong in one place only. */
export type Rights = Record<string, string | number>;

/**
 * Every place of the document that takes a text: each string of each body, each query and path parameter, and each header we read. The rest of each
 * request is right.
 */
export function placesOf(api: TestApi, rights: Rights): Place[] {
  const document = api.app.swagger() as unknown as Document;
  const refs = document.components.schemas;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([lower, operation]): Place[] => {
      const method = lower.toUpperCase() as 'GET';
      const name = `${method} ${path}`;
      const isStream = Object.values(operation.responses).some(({ content }) => content?.['text/event-stream']);
      const schema = operation.requestBody?.content['application/json']?.schema;
      const payload = schema && { payload: JSON.stringify(minimal(schema, refs, rights, '')) };
      const json = schema && { headers: { 'content-type': 'application/json' } };
      const urlWith = (names: string[], text?: string): string =>
        path.replaceAll(/\{(\w+)\}/g, (_, id: string) =>
          names.includes(id) ? encodeURIComponent(text!.toWellFormed()) : String(rights[id] ?? 'none'),
        );
      const places: Place[] = [];
      for (const parameter of operation.parameters ?? []) {
        const where = `${name} ${parameter.in} ${parameter.name}`;
        if (parameter.in === 'path')
          places.push({
            name: where,
            request: (text) => ({ method, url: urlWith([parameter.name], text), ...payload, ...json }),
          });
        // An open stream never ends by itself; what its query holds is the same as elsewhere.
        if (parameter.in === 'query' && !isStream)
          places.push({
            name: where,
            request: (text) => ({
              method,
              url: `${urlWith([])}?${parameter.name}=${encodeURIComponent(text.toWellFormed())}`,
              ...payload,
              ...json,
            }),
          });
        if (parameter.in === 'header' && !isStream)
          places.push({
            name: where,
            request: (text) => ({
              method,
              url: urlWith([]),
              ...payload,
              headers: { ...json?.headers, [parameter.name]: asHeader(text) },
            }),
          });
      }
      if (schema) {
        const [first] = variants(schema, refs, rights, '', 'x');
        for (const at of variants(schema, refs, rights, '', first === undefined ? '' : 'x').keys())
          places.push({
            name: `${name} body ${at}`,
            request: (text) => ({
              method,
              url: urlWith([]),
              payload: JSON.stringify(variants(schema, refs, rights, '', text)[at]),
              ...json,
            }),
          });
      }
      return places;
    }),
  );
}

/** A text as a header carries it: bytes of UTF-8 as Latin-1, without what ends a header. */
export const asHeader = (text: string): string =>
  Buffer.from(text.toWellFormed().replaceAll(/\p{Cc}/gu, ' '), 'utf8')
    .toString('latin1')
    .slice(0, 4_000);

const resolve = (schema: Schema, refs: Record<string, Schema>): Schema =>
  schema.$ref ? resolve(refs[schema.$ref.split('/').at(-1)!]!, refs) : schema;

/** The smallest right value. */
function minimal(schema: Schema, refs: Record<string, Schema>, rights: Rights, name: string): unknown {
  if (name in rights) return rights[name];
  const own = resolve(schema, refs);
  const first = (own.anyOf ?? own.oneOf)?.[0];
  if (first) return minimal(first, refs, rights, name);
  if (own.const !== undefined) return own.const;
  if (own.enum) return own.enum[0];
  switch (own.type) {
    case 'string':
      return 'x'.repeat(own.minLength ?? 1);
    case 'integer':
    case 'number':
      return own.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return (own.minItems ?? 0) > 0 ? [minimal(own.items ?? {}, refs, rights, '')] : [];
    case 'object':
      return Object.fromEntries(
        (own.required ?? []).map((key) => [key, minimal(own.properties![key]!, refs, rights, key)]),
      );
    default:
      return null;
  }
}

/** One value for each place that takes a text, with the text there. */
function variants(schema: Schema, refs: Record<string, Schema>, rights: Rights, name: string, text: string): unknown[] {
  const own = resolve(schema, refs);
  const alternatives = own.anyOf ?? own.oneOf;
  if (alternatives) return alternatives.flatMap((part) => variants(part, refs, rights, name, text));
  if (own.type === 'string' || typeof own.const === 'string') return [text];
  if (own.type === 'array' && own.items) return variants(own.items, refs, rights, '', text).map((part) => [part]);
  if (own.type !== 'object') return [];
  const base = minimal({ ...own }, refs, rights, name) as Record<string, unknown>;
  const inProperties = Object.entries(own.properties ?? {}).flatMap(([key, part]) =>
    variants(part, refs, rights, key, text).map((value) => ({ ...base, [key]: value })),
  );
  const more = own.additionalProperties;
  const inOwnNames =
    typeof more === 'object' && !own.properties
      ? [{ [text]: 'v' }, ...variants(more, refs, rights, '', text).map((value) => ({ k: value }))]
      : [];
  // Names of fields are places too.
  return [...inProperties, ...inOwnNames, ...(own.properties ? [{ ...base, [text]: 'v' }] : [])];
}
