export { createPictures, type Kept, type PictureRights, type Pictures } from './pictures.ts';
export { pictureRoutes } from './routes.ts';
