/** For tests: keys that try to leave the store, a workspace, or the one spelling a key has. */

const payloads = [
  ...[
    '..',
    '../..',
    './..',
    '..//..',
    '.../...//',
    '....//',
    '.',
    './',
    '',
    '/',
    '//',
    '/etc/passwd',
    '~',
    '~root',
    '$HOME',
    '${HOME}',
  ],
  ...[
    '%2e%2e',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..%2f',
    '..%5c',
    '%c0%ae%c0%ae%c0%af',
    '%e0%80%ae',
    '%u002e',
    '%00',
    '&#46;',
  ],
  ...[
    '..\\',
    '\\..\\',
    '\\',
    '\\\\server\\share',
    '\\\\?\\c:',
    'c:',
    'c:\\',
    'C:/windows',
    'file:///etc/passwd',
    'a:stream',
  ],
  ...[
    '\0',
    '..\0',
    'a\0.png',
    'a\n',
    'a\r\n',
    '\t',
    ' ',
    'a b',
    '\u00c0\u00ae\u00c0\u00ae\u00c0\u00af',
    '\u2024\u2024',
    '\uff0e\uff0e\uff0f',
  ],
  // Trailing dots and blanks, which Windows drops; twins of one name in two Unicode forms; letters that fold to ASCII.
  ...[
    'a.',
    'a..',
    'a. ',
    '.hidden',
    '.tmp',
    'caf\u00e9',
    'cafe\u0301',
    '\u212a',
    '\ufb01',
    'A',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\u200b',
  ],
  ...['x'.repeat(4_096), '../'.repeat(1_365), 'a/'.repeat(2_048), '*', '?', '|', ';rm', '`id`', '<a>'],
];

const places = [
  (p: string) => p,
  (p: string) => `/${p}/ws/w/gen/a.png`,
  (p: string) => `ws/${p}/gen/a.png`,
  (p: string) => `ws/w/${p}/a.png`,
  (p: string) => `ws/w/gen/${p}`,
  (p: string) => `ws/w/gen/${p}/canary`,
  (p: string) => `ws/w/gen/a.png/${p}`,
  (p: string) => `ws/w/gen/${p}.png`,
];

/** More than 500 different keys, each of which must be refused. */
export function hostileKeys(): string[] {
  const odd = [
    `ws/w/gen/${'x'.repeat(241)}`,
    'WS/w/gen/a.png',
    'ws\\w\\gen\\a.png',
    'ws/w/gen/a.png\n',
    ' ws/w/gen/a.png',
    'ws/w/a..png',
  ];
  return [...new Set([...odd, ...places.flatMap((place) => payloads.map(place))])];
}
