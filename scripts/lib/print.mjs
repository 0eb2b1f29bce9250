// Plain tables and a progress bar for the terminal.
const tty = process.stdout.isTTY && !process.env.NO_COLOR;

export function heading(text) { console.log(`\n${tty ? '\x1b[1m' : ''}${text}${tty ? '\x1b[0m' : ''}`); }

export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (row) => `  ${row.map((cell, i) => (/^-?[\d ]+$/.test(cell) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('   ')}`.trimEnd();
  if (head.some((name) => name)) { console.log(line(cells[0])); console.log(`  ${widths.map((width) => '-'.repeat(width)).join('   ')}`); }
  if (rows.length === 0) console.log('  (none)');
  cells.slice(1).forEach((row) => console.log(line(row)));
}

// Returns a function to call for each step done: a bar on a terminal, a line every fifth otherwise.
export function bar(total, what) {
  let done = 0;
  const started = Date.now();
  return () => {
    done += 1;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (process.stdout.isTTY) {
      const filled = Math.round((done / total) * 30);
      process.stdout.write(`\r  [${'#'.repeat(filled)}${'.'.repeat(30 - filled)}] ${done} of ${total} ${what}, ${seconds} s${done === total ? '\n' : ''}`);
    } else if (done % Math.ceil(total / 5) === 0 || done === total) console.log(`  ${done} of ${total} ${what}, ${seconds} s`);
  };
}
