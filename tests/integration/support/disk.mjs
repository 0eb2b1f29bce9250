// Disks that are full and disks that do not sync.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, execute, scratch } from './programs.mjs';

// Makes every sync of a running program fail with EIO, from outside, until mend().
export class FailingSyncs {
  // Why that cannot be done here, or false.
  static async notHere() {
    const { code, stderr } = await execute('strace', ['-o', '/dev/null', '-e', 'inject=fdatasync:error=EIO', 'true']).catch((error) => ({ code: 1, stderr: error.message }));
    return code === 0 ? false : `strace cannot trace here: ${stderr.trim()}`;
  }
  static async of(t, pid) {
    const made = new FailingSyncs();
    made.strace = spawn('strace', ['-f', '-p', String(pid), '-o', '/dev/null', '-e', 'trace=fdatasync,fsync', '-e', 'inject=fdatasync,fsync:error=EIO'], { stdio: ['ignore', 'ignore', 'pipe'] });
    made.ended = new Promise((resolve) => made.strace.on('close', resolve));
    atEnd(t, () => made.mend());
    await new Promise((attached, failed) => {
      let said = '';
      made.strace.stderr.setEncoding('utf8').on('data', (text) => { said += text; if (/attached/.test(said)) attached(); });
      made.strace.on('close', () => failed(new Error(`strace: ${said}`)));
    });
    return made;
  }
  mend() { this.strace.kill('SIGINT'); return this.ended; }
}

// Why there can be no disk of our own here, or false.
export const noDiskHere = process.getuid() === 0 ? false : 'mounting a tmpfs needs root';

// A small disk of the test's own.
export class SmallDisk {
  static async mount(t, mebibytes) {
    const disk = new SmallDisk();
    disk.dir = join(scratch(t), 'disk');
    mkdirSync(disk.dir);
    const { code, stderr } = await execute('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'tmpfs', disk.dir]);
    if (code !== 0) throw new Error(`mount: ${stderr}`);
    atEnd(t, () => execute('umount', ['-l', disk.dir]));
    return disk;
  }
  #ballast() { return join(this.dir, 'ballast'); }
  free() { const { bavail, bsize } = statfsSync(this.dir); return bavail * bsize; }
  // Leaves at most `bytes` free.
  fill(bytes = 0) {
    const file = openSync(this.#ballast(), 'a', 0o600);
    try {
      for (let block = Buffer.alloc(1 << 16); this.free() > bytes;) writeSync(file, block, 0, Math.min(block.length, this.free() - bytes));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    } finally { closeSync(file); }
  }
  clear() { rmSync(this.#ballast(), { force: true }); }
}
