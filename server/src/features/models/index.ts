export { askWorkersToReport } from './ask-workers.ts';
export { addCatalogueRow, listCatalogue, setEnabled } from './catalogue-admin.queries.ts';
export { type Capabilities, type Catalogue, type CatalogueModel, createCatalogue } from './catalogue.ts';
export { checkLoras } from './check-loras.ts';
export { findModel } from './find-model.ts';
export { modelsRoutes, type ModelsDeps } from './models.routes.ts';
export { timingKey } from './timing-shape.ts';
