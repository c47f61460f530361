import fc from 'fast-check';

/** As much of JSON Schema 2020-12 as our document uses. */
export type Schema = {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  type?: string;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
};

/** Stands for a value that only the moment of the call knows (an id that exists, a model there is). */
type Known = { known: string; pick: number };
const isKnown = (value: unknown): value is Known => typeof value === 'object' && value !== null && 'known' in value;

/** A value of a request, right or spoilt in one place, and whether it carries a field nobody knows. */
export type Sample = { value: unknown; unknownField: boolean };

type KnownName = (name: string) => boolean;

/** Values a schema allows. Properties whose name `isKnownName` accepts are mostly placeholders, filled by `fill`. */
export function valuesOf(schema: Schema, refs: Record<string, Schema>, isKnownName: KnownName): fc.Arbitrary<unknown> {
  const of = (part: Schema): fc.Arbitrary<unknown> => valuesOf(part, refs, isKnownName);
  if (schema.$ref) return of(refs[schema.$ref.split('/').at(-1)!]!);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return fc.oneof(...alternatives.map(of));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -(2 ** 40), max: schema.maximum ?? 2 ** 40 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'string':
      return textOf(schema);
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(3, schema.minItems ?? 0)),
      });
    case 'object': {
      if (!schema.properties)
        return typeof schema.additionalProperties === 'object'
          ? fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), of(schema.additionalProperties), { maxKeys: 3 })
          : fc.constant({});
      const parts = Object.fromEntries(
        Object.entries(schema.properties).map(([name, part]): [string, fc.Arbitrary<unknown>] => [
          name,
          isKnownName(name)
            ? fc.oneof({ weight: 6, arbitrary: knownOf(name) }, { weight: 1, arbitrary: of(part) })
            : of(part),
        ]),
      );
      const required = schema.required ?? [];
      const optional = Object.keys(parts).filter((name) => !required.includes(name));
      // Few optional fields at a time: a body of all of them breaks some rule between two fields nearly always.
      return fc
        .subarray(optional, { maxLength: Math.min(3, optional.length) })
        .chain((chosen) => fc.record(Object.fromEntries([...required, ...chosen].map((name) => [name, parts[name]!]))));
    }
    default:
      return fc.constantFrom<unknown>(null, 0, 'x', {}, []);
  }
}

/** A placeholder for a known value of this name. */
const knownOf = (name: string): fc.Arbitrary<Known> => fc.nat({ max: 999 }).map((pick) => ({ known: name, pick }));

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  if (format === 'uuid') return fc.uuid();
  if (pattern?.startsWith('^\\d')) return fc.stringMatching(new RegExp(pattern));
  const bounds = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, 60)) };
  return fc
    .oneof(fc.string(bounds), fc.string({ ...bounds, unit: 'grapheme' }))
    .map((text) => (pattern === undefined ? text : text.replaceAll(/\p{Cc}/gu, 'x')));
}

/** What a field is never meant to be. */
const hostile: unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1e21,
  2 ** 53,
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  "' or 1=1 --",
  'x'.repeat(9_000),
  '0'.repeat(400),
  '2024-02-30T25:61:61Z',
  'NaN',
  [],
  {},
  [[[[]]]],
  [null],
  { length: 1e9 },
  { toString: 1 },
];

type Flaw = { kind: 'unknown' | 'missing' | 'hostile'; where: number; what: number };
const flaw: fc.Arbitrary<Flaw> = fc.record({
  kind: fc.constantFrom('unknown', 'missing', 'hostile', 'hostile'),
  where: fc.nat({ max: 999 }),
  what: fc.nat({ max: 999 }),
});

/** Half as the schema says, half with one flaw: a field too many, one too few, or one of the wrong kind. */
export function samplesOf(schema: Schema, refs: Record<string, Schema>, isKnownName: KnownName): fc.Arbitrary<Sample> {
  return fc
    .record({ value: valuesOf(schema, refs, isKnownName), flaw: fc.option(flaw, { freq: 2 }) })
    .map((made) => spoil(made.value, made.flaw));
}

function spoil(value: unknown, flaw: Flaw | null): Sample {
  if (!flaw) return { value, unknownField: false };
  const copy = { root: structuredClone(value) };
  const places = placesIn(copy);
  if (flaw.kind === 'unknown') {
    const objects = [copy.root, ...places.map(([holder, name]) => holder[name])].filter(
      (part) => typeof part === 'object' && part !== null && !Array.isArray(part) && !isKnown(part),
    ) as Record<string, unknown>[];
    // Only at the top: inside, some objects are dictionaries of the caller's own.
    const [top] = objects;
    if (!top || top !== copy.root) return { value, unknownField: false };
    top['role_of_nobody'] = hostile[flaw.what % hostile.length];
    return { value: copy.root, unknownField: true };
  }
  const [holder, name] = places[flaw.where % places.length]!;
  if (flaw.kind === 'missing' && name !== 'root') Reflect.deleteProperty(holder, name);
  else holder[name] = hostile[flaw.what % hostile.length];
  return { value: copy.root, unknownField: false };
}

/** Every place of a value that can be changed: its holder and the name there. */
function placesIn(root: { root: unknown }): [Record<string, unknown>, string][] {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (holder: Record<string, unknown>): void => {
    for (const name of Object.keys(holder)) {
      places.push([holder, name]);
      const child = holder[name];
      if (typeof child === 'object' && child !== null && !isKnown(child)) walk(child as Record<string, unknown>);
    }
  };
  walk(root);
  return places;
}

/** Puts what is known in place of the placeholders. `undefined` from `of` becomes a word that nothing is called. */
export function fill(value: unknown, of: (name: string) => readonly unknown[]): unknown {
  if (isKnown(value)) {
    const found = of(value.known);
    return found.length > 0 ? found[value.pick % found.length] : 'nothing';
  }
  if (Array.isArray(value)) return value.map((part) => fill(part, of));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part, of)]));
}
