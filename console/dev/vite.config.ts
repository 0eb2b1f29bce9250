import { mergeConfig } from 'vite';
import build from '../vite.config';
import { createMock } from './mock';

// The pages with the stand-in of agent and server. Never used for what is shipped.
export default mergeConfig(build, {
  plugins: [{ name: 'crossline-mock', configureServer: (server: { middlewares: { use: (handler: unknown) => void } }) => void server.middlewares.use(createMock()) }],
});
