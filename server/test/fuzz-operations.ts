import type fc from 'fast-check';
import { z } from 'zod';
import type { TestApi } from '#test/app.ts';
import { type Sample, samplesOf, type Schema } from '#test/schema-arbitrary.ts';

type Media = Record<string, { schema?: Schema }>;
type Parameter = { in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema: Schema };
type OperationObject = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Media };
  responses: Record<string, { content?: Media }>;
};
type Document = {
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
};

/** Checks an answer's body by its documented schema; undefined where the answer has no JSON. */
type Check = { types: string[]; parse: ((body: unknown) => string | undefined) | undefined };

/** One call of the contract, with what is needed to make it and to judge its answer. */
export type Operation = {
  name: string;
  method: string;
  path: string;
  /** What the router says of who may call. */
  access: string;
  /** The name of the id in its path, if it has one. */
  idName: string | undefined;
  isStream: boolean;
  isUpload: boolean;
  /** Names of ids that its 2xx answer creates. */
  creates: string[];
  query: fc.Arbitrary<Sample> | undefined;
  body: fc.Arbitrary<Sample> | undefined;
  answers: Record<string, Check>;
};

const knownNames =
  /^(model|width|height|steps|count|email|password|refresh_token|cursor|workspace_id|quote_id|user_id|\w*image_id)$/;
const isKnownName = (name: string): boolean => knownNames.test(name);

/** Everything the document of this API offers, ready to be called. */
export function operationsOf(api: TestApi): Operation[] {
  const document = api.app.swagger() as unknown as Document;
  const refs = document.components.schemas;
  const defs = JSON.parse(JSON.stringify(refs).replaceAll('#/components/schemas/', '#/$defs/')) as object;
  const parsers = new Map<string, (body: unknown) => string | undefined>();
  const parserOf = (schema: Schema): ((body: unknown) => string | undefined) => {
    const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/');
    let parser = parsers.get(text);
    if (!parser) {
      const compiled = z.fromJSONSchema({ ...(JSON.parse(text) as object), $defs: defs } as never);
      parser = (body) => {
        const result = compiled.safeParse(body);
        return result.success ? undefined : z.prettifyError(result.error);
      };
      parsers.set(text, parser);
    }
    return parser;
  };
  const accessOf = new Map(api.app.routeTable.map(({ method, url, access }) => [`${method} ${url}`, access]));
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, operation]): Operation => {
      const method = lower.toUpperCase();
      const access = accessOf.get(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
      if (!access) throw new Error(`${method} ${path} is in the document and not in the router`);
      const parameters = operation.parameters ?? [];
      const ok = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      const content = operation.requestBody?.content ?? {};
      const json = content['application/json']?.schema;
      const queries = parameters.filter((parameter) => parameter.in === 'query');
      return {
        name: `${method} ${path}`,
        method,
        path,
        access,
        idName: /\{(\w+)\}[^{]*$/.exec(path)?.[1],
        isStream: ok.some(([, answer]) => answer.content?.['text/event-stream']),
        isUpload: 'multipart/form-data' in content,
        creates:
          method === 'POST' && !path.includes('{') ? ok.flatMap(([, answer]) => idsIn(answer.content, refs)) : [],
        query:
          queries.length > 0
            ? samplesOf(
                {
                  type: 'object',
                  properties: Object.fromEntries(queries.map(({ name, schema }) => [name, schema])),
                  required: queries.filter(({ required }) => required).map(({ name }) => name),
                },
                refs,
                isKnownName,
              )
            : undefined,
        body: json && samplesOf(json, refs, isKnownName),
        answers: Object.fromEntries(
          Object.entries(operation.responses).map(([status, answer]) => {
            const types = Object.keys(answer.content ?? {});
            const schema = Object.entries(answer.content ?? {}).find(([type]) => type.includes('json'))?.[1].schema;
            return [status, { types, parse: schema && parserOf(schema) }];
          }),
        ),
      };
    }),
  );
}

/** Names of ids at the top of an answer: what a path can take. */
function idsIn(content: Media | undefined, refs: Record<string, Schema>): string[] {
  const schema = content?.['application/json']?.schema;
  const own = schema?.$ref ? refs[schema.$ref.split('/').at(-1)!] : schema;
  return Object.keys(own?.properties ?? {}).filter((name) => name === 'id' || name.endsWith('_id'));
}
