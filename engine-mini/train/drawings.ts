/** The drawings of the npm packages pinned beside this file, by Unicode's code points. */
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';

/** Styles the model was trained on, and `emojione`, which it never saw: for tests only. */
export type DrawnStyle = 'flat' | '3d' | 'noto' | 'twemoji' | 'blob' | 'emojione';
/** Draws the thing at a side in pixels: RGB bytes on white. Undefined where the style has no such drawing. */
export type Draw = (key: string, side: number) => Promise<Uint8Array> | undefined;

type IconSet = {
  width?: number;
  height?: number;
  icons: Record<string, { body: string; left?: number; top?: number; width?: number; height?: number }>;
};

const PACKAGES = new URL('./node_modules/', import.meta.url);
const SETS = { flat: 'fluent-emoji-flat', noto: 'noto', twemoji: 'twemoji', blob: 'noto-v1', emojione: 'emojione' };
/** Sets share the names of their icons, and only these say which characters they are. */
const NAMED = ['fluent-emoji-flat', 'noto', 'twemoji'];

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, PACKAGES), 'utf8'));
const keyOf = (hex: string): string => hex.toLowerCase().replaceAll('-fe0f', '').replace(/^0+/, '');

function namesByKey(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const set of NAMED)
    for (const [hex, name] of Object.entries(readJson(`@iconify-json/${set}/chars.json`) as Record<string, string>)) {
      const key = keyOf(hex);
      names.set(key, (names.get(key) ?? new Set()).add(name));
    }
  return names;
}

async function onWhite(picture: Buffer, side: number): Promise<Uint8Array> {
  return sharp(picture)
    .resize(side, side, { fit: 'contain', background: '#fff' })
    .flatten({ background: '#fff' })
    .raw()
    .toBuffer();
}

// librsvg through sharp: resvg aborts the process on some drawings of Noto and Fluent.
function drawIcons(pkg: string, names: Map<string, Set<string>>): Draw {
  const set = readJson(`@iconify-json/${pkg}/icons.json`) as IconSet;
  return (key, side) => {
    const name = [...(names.get(key) ?? [])].find((each) => set.icons[each]);
    const icon = name === undefined ? undefined : set.icons[name];
    if (!icon) return undefined;
    const [width, height] = [icon.width ?? set.width ?? set.height ?? 16, icon.height ?? set.height ?? 16];
    const box = `${icon.left ?? 0} ${icon.top ?? 0} ${width} ${height}`;
    const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}" width="${side}" height="${side}">`;
    return onWhite(Buffer.from(`${open}${icon.body}</svg>`), side);
  };
}

function drawFiles(): Draw {
  const folder = new URL('@lobehub/fluent-emoji-3d/assets/', PACKAGES);
  const files = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.webp'))
      .map((file) => [keyOf(file.slice(0, -5)), new URL(file, folder)]),
  );
  return (key, side) => {
    const file = files.get(key);
    return file && onWhite(readFileSync(file), side);
  };
}

/** Opens every style; reads some 20 MB of JSON. */
export function openDrawings(): Record<DrawnStyle, Draw> {
  const names = namesByKey();
  const icons = (style: keyof typeof SETS): Draw => drawIcons(SETS[style], names);
  return {
    flat: icons('flat'),
    '3d': drawFiles(),
    noto: icons('noto'),
    twemoji: icons('twemoji'),
    blob: icons('blob'),
    emojione: icons('emojione'),
  };
}
