/** International text chunks of a PNG by keyword (PNG specification, iTXt, uncompressed). */
export function readPngText(png: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'iTXt') {
      const data = png.subarray(at + 8, at + 8 + length);
      const keywordEnd = data.indexOf(0);
      const languageEnd = data.indexOf(0, keywordEnd + 3);
      const translatedEnd = data.indexOf(0, languageEnd + 1);
      found.set(data.toString('latin1', 0, keywordEnd), data.toString('utf8', translatedEnd + 1));
    }
    at += 12 + length;
  }
  return found;
}
