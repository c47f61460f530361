export { canonicalRecipe, type CanonicalRecipe, type Json } from './recipe.ts';
export { Image, imageColumns, imageView, type ImageRow } from './image-view.ts';
export { libraryChores, librarySchedule } from './library.jobs.ts';
export { libraryRoutes, type LibraryDeps } from './library.routes.ts';
