/** Remembers which methods each address has, so that a wrong method is told from a wrong address. */
export type MethodIndex = {
  add: (method: string | string[], url: string) => void;
  allowedAt: (url: string) => string[];
};

/** An empty index. Patterns are Fastify's: `:name` is one segment, a last `*` is anything. */
export function createMethodIndex(): MethodIndex {
  const byPattern = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  return {
    add: (method, url) => {
      // The catch-alls (CORS preflight, static files) would make every address exist.
      if (url === '*' || url === '/*') return;
      const entry = byPattern.get(url) ?? { pattern: toPattern(url), methods: new Set<string>() };
      for (const one of [method].flat()) entry.methods.add(one);
      byPattern.set(url, entry);
    },
    allowedAt: (url) => {
      const path = url.split('?')[0] ?? '';
      const found = [...byPattern.values()].filter((entry) => entry.pattern.test(path));
      return [...new Set(found.flatMap((entry) => [...entry.methods]))].sort();
    },
  };
}

function toPattern(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) =>
      part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join('/')}$`);
}
