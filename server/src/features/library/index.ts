export { canonicalRecipe, type CanonicalRecipe, type Json } from './recipe.ts';
export { Image, imageColumns, imageView, type ImageRow } from './image-view.ts';
export { libraryRoutes, type LibraryDeps } from './library.routes.ts';
export { purgeTrash } from './purge-trash.ts';
export { sweepOrphans } from './sweep-orphans.ts';
