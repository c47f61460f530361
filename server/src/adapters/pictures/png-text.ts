/** The words inside a PNG: the engine's are taken out, ours are written in. */
import { encodePng, readPictureChunks, readPngChunks, type PngChunk } from './png-chunks.ts';
import type { PngMarks } from './port.ts';

// The property that platforms and picture agencies look for: IPTC Photo Metadata Standard, "Digital Source Type", in an XMP packet; the
// keyword is the one of the XMP specification, part 3, for PNG.
const XMP_KEYWORD = 'XML:com.adobe.xmp';
const XMP = [
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
  '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
  '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
  '<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>',
  '</rdf:Description>',
  '</rdf:RDF>',
  '</x:xmpmeta>',
  '<?xpacket end="w"?>',
].join('\n');

/** The picture chunks of a PNG and nothing else. @throws PictureError `corrupt` */
export function stripPng(png: Uint8Array): Buffer {
  return encodePng(readPictureChunks(png));
}

/** See `Pictures.writePng`. The check sums are verified, the pixels are not decoded. @throws PictureError `corrupt` */
export function writePng(png: Uint8Array, marks: PngMarks): Uint8Array {
  const [header, ...rest] = readPictureChunks(png);
  const words = [
    textChunk('Software', marks.software),
    textChunk('AI-generated', 'true'),
    textChunk(XMP_KEYWORD, XMP),
    textChunk('recipe', marks.recipe),
  ];
  // Right behind the header, so that a reader finds them without passing the pixels.
  return encodePng(header === undefined ? rest : [header, ...words, ...rest]);
}

/**
 * The uncompressed texts of a PNG by keyword (tEXt and iTXt; the last wins). Compressed ones are left out: none of ours is, and a small
 * one can unfold to gigabytes.
 * @throws PictureError `corrupt`
 */
export function readPngText(png: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { type, data } of readPngChunks(png)) {
    const keywordEnd = data.indexOf(0);
    if (keywordEnd < 1) continue;
    const keyword = data.toString('latin1', 0, keywordEnd);
    if (type === 'tEXt') texts.set(keyword, data.toString('latin1', keywordEnd + 1));
    if (type === 'iTXt' && data[keywordEnd + 1] === 0) {
      const languageEnd = data.indexOf(0, keywordEnd + 3);
      const translationEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
      if (translationEnd >= 0) texts.set(keyword, data.toString('utf8', translationEnd + 1));
    }
  }
  return texts;
}

/** iTXt (PNG §11.3.3.4): keyword, not compressed, no language, no translated keyword, UTF-8. tEXt would not hold Korean. */
function textChunk(keyword: string, text: string): PngChunk {
  return {
    type: 'iTXt',
    data: Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5), Buffer.from(text, 'utf8')]),
  };
}
