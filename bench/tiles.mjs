// Tiles served by the server and the same files served by nginx, over TLS with the same certificate, on the same machine, in turns.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Program, run, until } from '../scripts/lib/processes.mjs';

const ROUNDS = 5;
const SECONDS = 4;
const CONNECTIONS = 32;

const fetchFile = (agent, url, ca) => new Promise((resolve, reject) => {
  https.get(url, { agent, ca }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) })).on('error', reject);
  }).on('error', reject);
});

// A free port: nginx takes none by itself.
const freePort = () => new Promise((resolve) => {
  const server = https.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

// Every worker, log and temporary file of this nginx is in `folder`; it runs in the foreground under the present user.
function nginxConfig({ folder, port, certificate, key }) {
  return `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10000;
  keepalive_requests 100000000;
  default_type application/octet-stream;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.3;
    root ${folder}/files;
    add_header Cache-Control "public, max-age=31536000, immutable";
    add_header X-Content-Type-Options nosniff;
  }
}
`;
}

// wrk takes the paths in turn, each of its threads from the first on.
const luaOf = (paths) => `local paths = { ${paths.map((path) => `"${path}"`).join(', ')} }
local next = 0
request = function()
  next = next % #paths + 1
  return wrk.format("GET", paths[next])
end
done = function(summary)
  io.write(string.format("%d %d %d\\n", summary.requests, summary.duration, summary.errors.status + summary.errors.read + summary.errors.connect + summary.errors.timeout))
end
`;

async function requestsPerSecond(url, script) {
  const { stdout } = await run('wrk', ['-t', '1', '-c', String(CONNECTIONS), '-d', `${SECONDS}s`, '-s', script, url]);
  const [requests, microseconds, errors] = stdout.trim().split('\n').at(-1).split(' ').map(Number);
  if (errors > 0) throw new Error(`${url}: ${errors} requests failed`);
  return requests / microseconds * 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Resolves with { tiles, ours, nginx, ratio }: how many full hash tiles, requests a second of each (the median of the rounds) and ours
// over nginx's, the median of the rounds' own ratios.
export async function tilesBesideNginx(line, size) {
  const folder = mkdtempSync(join(tmpdir(), 'crossline-nginx-'));
  const tiles = Math.floor(size / 256);
  const name = (index) => (index < 1000 ? String(index).padStart(3, '0') : `x${String(Math.floor(index / 1000)).padStart(3, '0')}/${String(index % 1000).padStart(3, '0')}`);
  const paths = Array.from({ length: tiles }, (_, index) => `/tlog/tile/0/${name(index)}`);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 8 });
  for (const path of paths) {
    const { status, body } = await fetchFile(agent, `${line.server.url}${path}`, line.server.ca);
    if (status !== 200) throw new Error(`${path}: status ${status}`);
    mkdirSync(dirname(join(folder, 'files', path)), { recursive: true });
    writeFileSync(join(folder, 'files', path), body);
  }
  agent.destroy();
  const port = await freePort();
  const pki = join(line.dir, 'pki/server');
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig({ folder, port, certificate: join(pki, 'server.pem'), key: join(pki, 'server.key') }));
  writeFileSync(join(folder, 'paths.lua'), luaOf(paths));
  const nginx = new Program('nginx', '/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], join(folder, 'nginx.log'));
  try {
    const url = `https://127.0.0.1:${port}`;
    await until('nginx', async () => { try { return (await fetchFile(undefined, `${url}${paths[0]}`, line.server.ca)).status === 200; } catch { return false; } }, { programs: [nginx] });
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const ours = await requestsPerSecond(line.server.url, join(folder, 'paths.lua'));
      const theirs = await requestsPerSecond(url, join(folder, 'paths.lua'));
      rounds.push({ ours, nginx: theirs });
    }
    return { tiles, rounds, ours: median(rounds.map((one) => one.ours)), nginx: median(rounds.map((one) => one.nginx)), ratio: median(rounds.map((one) => one.ours / one.nginx)) };
  } finally { await nginx.stop(); rmSync(folder, { recursive: true, force: true }); }
}
