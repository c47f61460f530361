/** A form's fields as Stripe nests them: `items[0][price]=x&metadata[a]=b` is `{items: [{price: 'x'}], metadata: {a: 'b'}}`. Values stay text. */
export type Form = { [name: string]: string | Form | (string | Form)[] };

export function parseForm(text: string): Form {
  const root: Form = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key.split(/\[|\]\[|\]/).filter((part, index) => index === 0 || part !== '' || key.endsWith('[]'));
    put(
      root,
      path.filter((part, index) => part !== '' || index < 2),
      value,
    );
  }
  return listsOf(root) as Form;
}

function put(into: Form, [name = '', ...rest]: string[], value: string): void {
  const key = name === '' ? String(Object.keys(into).length) : name;
  if (rest.length === 0) into[key] = value;
  else put((into[key] ??= {}) as Form, rest, value);
}

/** What has the names 0, 1, … is a list. */
function listsOf(value: Form[string]): Form[string] {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, listsOf(one)]));
  const names = Object.keys(inner);
  return names.length > 0 && names.every((name, index) => name === String(index))
    ? (Object.values(inner) as (string | Form)[])
    : inner;
}
