export { type Capabilities, type Catalogue, type CatalogueModel, createCatalogue } from './catalogue.ts';
export { findModel } from './find-model.ts';
export { modelsRoutes, type ModelsDeps } from './models.routes.ts';
export { timingKey } from './timing-shape.ts';
