// Makes the console's types from the two API descriptions. What it writes is never edited and not in git.
import { mkdir, writeFile } from 'node:fs/promises';
import openapiTypescript, { astToString } from 'openapi-typescript';

const descriptions = {
  server: new URL('../../central-server/api/openapi.yaml', import.meta.url),
  station: new URL('../../checkpoint-agent/app/station-api.yaml', import.meta.url),
};
const folder = new URL('../src/api/generated/', import.meta.url);

await mkdir(folder, { recursive: true });
for (const [name, description] of Object.entries(descriptions)) {
  const types = astToString(await openapiTypescript(description));
  await writeFile(new URL(`${name}.d.ts`, folder), types);
}
