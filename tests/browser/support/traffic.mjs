// Generated travellers, served at the posts of a line through its stations, and counted here without the server.
import { Station } from '../../../scripts/lib/clients.mjs';
import { run } from '../../../scripts/lib/processes.mjs';
import { Recount } from '../../../scripts/lib/recount.mjs';
import { join } from 'node:path';

// Serves every step of `count` travellers at `bridge`. Afterwards `documents[i]` are those of the i-th traveller.
export async function serveTravellers(line, count) {
  const { stdout } = await run(join(line.bin, 'crossline'), ['travellers', '--count', String(count), '--seed', '7', '--checkpoints', '1'], { maxBuffer: 64 << 20 });
  const travellers = stdout.trim().split('\n').map((text) => JSON.parse(text));
  const desks = new Map();
  for (const { side, url } of line.agents) {
    const desk = { station: new Station(url), direction: side === 'A' ? 'exit' : 'entry' };
    await desk.station.startShift(line.officer.id, line.officer.pin, desk.direction);
    desks.set(side, desk);
  }
  const recount = new Recount();
  for (const traveller of travellers) {
    for (const { side, direction } of traveller.steps) {
      const desk = desks.get(side);
      if (desk.direction !== direction) await desk.station.turn(direction);
      desk.direction = direction;
      const result = await desk.station.serve(traveller.documents);
      recount.add({ traveller, checkpoint: 'bridge', side, direction, result });
      if ((result.members ?? [result]).some((one) => one.outcome !== 'passed')) break;
    }
  }
  for (const { station } of desks.values()) {
    await station.call('POST', '/shift/end');
    station.close();
  }
  return { travellers, recount };
}
