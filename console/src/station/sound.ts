// The sounds of the desk: each verdict is told apart without looking, by rhythm and pitch, not by loudness.
//
//   entry   two notes, rising          refer   three equal notes
//   exit    two notes, falling         refuse  one long low note, rough
//   again   two short low notes: nothing was decided
export type Sound = 'entry' | 'exit' | 'refer' | 'refuse' | 'again';

interface Note {
  hz: number;
  atMs: number;
  lengthMs: number;
  wave: OscillatorType;
}

const melodies: Record<Sound, Note[]> = {
  entry: [
    { hz: 523, atMs: 0, lengthMs: 110, wave: 'sine' },
    { hz: 784, atMs: 120, lengthMs: 180, wave: 'sine' },
  ],
  exit: [
    { hz: 784, atMs: 0, lengthMs: 110, wave: 'sine' },
    { hz: 523, atMs: 120, lengthMs: 180, wave: 'sine' },
  ],
  refer: [0, 190, 380].map((atMs) => ({ hz: 440, atMs, lengthMs: 120, wave: 'triangle' })),
  refuse: [{ hz: 147, atMs: 0, lengthMs: 700, wave: 'sawtooth' }],
  again: [0, 130].map((atMs) => ({ hz: 220, atMs, lengthMs: 70, wave: 'triangle' })),
};

const kVolume = 0.25;
const kFadeMs = 12; // without it each note begins and ends with a click

let context: AudioContext | null = null;

/** Browsers allow sound only after a key or a touch: call it from the handler of one. A machine without sound stays silent. */
export function unlockSound(): void {
  try {
    context ??= new AudioContext();
    context.resume().catch(() => undefined);
  } catch {
    context = null; // the key that called is still the scan's
  }
}

/** Plays nothing while sound is locked or not available. */
export function play(sound: Sound): void {
  if (context?.state !== 'running') return;
  for (const note of melodies[sound]) playNote(context, note);
}

function playNote(audio: AudioContext, note: Note): void {
  const start = audio.currentTime + note.atMs / 1_000;
  const end = start + note.lengthMs / 1_000;
  const fade = kFadeMs / 1_000;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(kVolume, start + fade);
  gain.gain.setValueAtTime(kVolume, end - fade);
  gain.gain.linearRampToValueAtTime(0, end);
  const oscillator = audio.createOscillator();
  oscillator.type = note.wave;
  oscillator.frequency.value = note.hz;
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
