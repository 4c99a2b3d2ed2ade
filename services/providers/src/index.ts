export { providersService } from './main.ts';
