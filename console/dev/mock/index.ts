// Both stand-ins behind one door, as a connect middleware.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ok, problem, read, write } from './http';
import { scenes, type Scene, type World } from './scenes';
import { MockServer } from './server';
import { MockStation, zoneFor } from './station';

export { zoneFor };

export function createMock() {
  const world: World = { scene: 'usual' };
  let station = new MockStation(world);
  let server = new MockServer(world);

  return async (incoming: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const url = incoming.url ?? '/';
    if (!url.startsWith('/api/v1/') && url !== '/dev/scene') return next();
    if (world.scene === 'unreachable' && url !== '/dev/scene') {
      response.destroy();
      return;
    }
    const request = await read(incoming);
    if (url === '/dev/scene') {
      world.scene = scenes.find((scene) => scene === request.body['name']) ?? ('usual' satisfies Scene);
      if (request.body['fresh']) {
        station = new MockStation(world);
        server = new MockServer(world);
      }
      if (typeof request.body['language'] === 'string') server.language = request.body['language'];
      return write(response, ok({ scene: world.scene }));
    }
    if (request.path === '/scans') await new Promise((resolve) => setTimeout(resolve, 30));
    write(response, (await (station.answer(request) ?? server.answer(request))) ?? problem(404, 'not_found', 'no such route'));
  };
}
