// A line of real programs for one test file. CROSSLINE_BIN names the folder of the programs.
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Line, setUpLine } from '../../../scripts/lib/line.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = process.env.CROSSLINE_BIN ?? join(root, 'build/release/bin');

// Starts a line with one checkpoint, `bridge`, open at all hours. `agentOptions` is TOML added to the configuration of the
// agent it is keyed by. Ends with `close()`.
export async function openLine({ agentOptions = {}, options = [] } = {}) {
  if (!existsSync(join(root, 'console/dist/station.html'))) throw new Error('console/dist is not built: scripts/console.sh');
  const dir = mkdtempSync(join(tmpdir(), 'crossline-browser-'));
  const line = new Line(bin, dir, await setUpLine({ bin, dir, checkpoints: ['bridge'], options }));
  for (const [agent, toml] of Object.entries(agentOptions)) appendFileSync(line.agent(agent).config, `\n${toml}\n`);
  line.close = async () => {
    await line.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await line.start();
  } catch (error) {
    await line.close();
    throw error;
  }
  return line;
}
