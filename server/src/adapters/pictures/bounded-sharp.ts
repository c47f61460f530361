/** sharp with its appetite set: imported in place of the package everywhere in this adapter. */
import sharp from 'sharp';

// One libvips thread for each picture: how many pictures run at once is our decision. Threads by the picture have ended whole servers
// when a few hundred waiting pictures made thousands of threads.
sharp.concurrency(1);
// Every picture is opened once; a cache would only keep strangers' pixels in memory.
sharp.cache(false);
// libvips reads forty formats, some by old code with long histories of holes. Whatever slips past the check of the first bytes finds no reader.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});

export { sharp };
