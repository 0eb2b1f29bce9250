// The state of the station page. The agent owns the truth: this asks it a few times a second, sends the officer's acts
// to it one at a time, and never shows as done what the agent has not answered.
import { ApiProblem, asProblem } from '../api/request';
import { stationApi, type Action, type Declaration, type Direction, type Group, type Relation, type Scan, type SlipReading, type Station } from '../api/station';
import { play, type Sound } from './sound';

const kPollMs = 400;
/** What the text of a slip begins with; no document does. */
const kSlipPrefix = 'SLIP1';

export type Stop = 'unreachable' | NonNullable<Station['recording']['code']>;

/** An act of the officer under way: a scan waits for a verdict, anything else for the disk only. */
type Work = 'scan' | 'act' | null;

export class Desk {
  station = $state.raw<Station | null>(null);
  /** The agent answered the last time it was asked. */
  reachable = $state(true);
  work = $state.raw<Work>(null);
  problem = $state.raw<ApiProblem | null>(null);

  /** On the panel; null while the desk waits for a scan. */
  scan = $state.raw<Scan | null>(null);
  group = $state.raw<Group | null>(null);
  /** The last scan or group that was dealt with. */
  last = $state.raw<{ scan: Scan } | { group: Group } | null>(null);

  /** The slip of another post that was scanned last, until the next scan. */
  slip = $state.raw<SlipReading | null>(null);

  namesHidden = $state(false);
  /** Chosen with the category key, for the scans that follow. */
  category = $state.raw<string | null>(null);
  /** Declared beforehand, for the next scan only. */
  declared = $state.raw<Declaration | null>(null);
  /** In a group: what the member named by `companion` is to those scanned next. */
  relation = $state.raw<Relation>('parent');
  companion = $state.raw<string | null>(null);

  /** A scan read while an act is under way, until the act is done: the panel may be ready for it before the act is. */
  private early: { text: string; typed: boolean } | null = null;
  private acts = 0; // rises with every act, so that an answer asked for before one is not taken for news
  private running = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  start(): void {
    this.running = true;
    void this.poll();
  }

  stop(): void {
    this.running = false;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Why nothing can be decided or recorded here, so that nobody may pass by this screen; null while the desk works. */
  get stopped(): Stop | null {
    return this.reachable ? (this.station?.recording.code ?? null) : 'unreachable';
  }

  /** True when the panel waits for Enter or Esc. */
  get waiting(): boolean {
    return this.scan !== null || this.group?.state === 'decided';
  }

  // --- The officer's acts ---------------------------------------------------------------------------------------

  async startShift(officer: string, pin: string, direction: Direction, language: string): Promise<boolean> {
    return this.act(async () => {
      this.adopt(await stationApi.startShift({ officer, pin, direction, language }));
      this.last = null;
      this.category = null;
      this.declared = null;
      this.namesHidden = false;
    });
  }

  endShift = () => this.act(async () => this.adopt(await stationApi.endShift()));
  setLanguage = (language: string) => this.act(async () => this.adopt(await stationApi.setLanguage(language)));

  /** To the other direction of this post. */
  switchDirection(): Promise<boolean> {
    const { directions, shift } = this.station!;
    const next = directions.find((direction) => direction !== shift?.direction);
    if (!next) return Promise.resolve(false);
    return this.act(async () => this.adopt(await stationApi.setDirection(next)));
  }

  async submit(text: string, typed: boolean): Promise<void> {
    if (this.work === 'act' && this.early === null) {
      this.early = { text, typed };
      return;
    }
    if (this.work !== null) {
      play('again');
      return;
    }
    this.slip = null;
    if (text.trim().startsWith(kSlipPrefix)) {
      await this.act(async () => {
        this.slip = await stationApi.takeSlip(text.trim());
        play(this.slip.outcome === 'learnt' ? 'entry' : 'again');
      });
      return;
    }
    const category = this.category;
    const declared = this.declared;
    const group = this.group?.state === 'open' ? this.group : null;
    await this.act(async () => {
      const scan = await stationApi.scan({
        text,
        typed,
        ...(category !== null && { category }),
        ...(declared !== null && { declared }),
        ...(group && { group: { group_id: group.group_id, ...this.membership(group) } }),
      });
      if (scan.step !== 'unreadable' && scan.step !== 'repeated') this.declared = null;
      this.show(scan);
      if (scan.step === 'collected') await this.refresh();
    }, 'scan');
  }

  confirmReading = () => this.onScan((scan) => stationApi.confirmReading(scan.scan_id));
  chooseCategory = (category: string) => this.onScan((scan) => stationApi.chooseCategory(scan.scan_id, category));

  /** Enter: lets an allowed person or group pass, otherwise goes on to the next. */
  confirm(): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false); // what would be confirmed is not on the screen
    if (this.scan) {
      const allowed = this.scan.step === 'decided' && this.scan.decision?.verdict === 'allow';
      return this.finishScan(allowed ? 'pass' : 'acknowledge');
    }
    if (this.group?.state === 'decided') return this.finishGroup(this.anyAllowed(this.group) ? 'pass' : 'acknowledge');
    if (this.group?.state === 'open' && this.group.members.length > 0) return this.closeGroup();
    return Promise.resolve(false);
  }

  /** Esc: turns an allowed person or group back, otherwise goes on to the next. */
  back(): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    if (this.scan) {
      const allowed = this.scan.step === 'decided' && this.scan.decision?.verdict === 'allow';
      return this.finishScan(allowed ? 'turn_back' : 'acknowledge');
    }
    if (this.group?.state === 'decided') return this.finishGroup(this.anyAllowed(this.group) ? 'turn_back' : 'acknowledge');
    if (this.group?.state === 'open' && this.group.members.length === 0) return this.cancelGroup();
    this.problem = null;
    return Promise.resolve(false);
  }

  startGroup = () =>
    this.act(async () => {
      this.companion = null;
      this.relation = 'parent';
      this.group = await stationApi.startGroup();
    });

  closeGroup = () =>
    this.act(async () => {
      this.group = await stationApi.closeGroup(this.group!.group_id);
      play(soundOf(this.group.verdict, this.station!.shift!.direction));
    }, 'scan');

  cancelGroup = () => this.act(async () => this.adopt(await stationApi.cancelGroup(this.group!.group_id)));

  undo = (journalIndex: number, reason: string) => this.act(async () => void (await stationApi.undo(journalIndex, reason)));

  // --- Inside ---------------------------------------------------------------------------------------------------

  private membership(group: Group) {
    const companion = this.companion ?? group.members[0]?.scan_id;
    return companion === undefined ? {} : { with: { scan_id: companion, relation: this.relation } };
  }

  private anyAllowed(group: Group): boolean {
    return group.members.some((member) => member.decision?.verdict === 'allow');
  }

  private onScan(step: (scan: Scan) => Promise<Scan>): Promise<boolean> {
    return this.act(async () => {
      const scan = await step(this.scan!);
      this.show(scan);
      if (scan.step === 'collected') await this.refresh();
    }, 'scan');
  }

  private finishScan(action: Action): Promise<boolean> {
    return this.act(async () => {
      this.show(await stationApi.confirmScan(this.scan!.scan_id, action));
      await this.refresh();
    });
  }

  private finishGroup(action: Action): Promise<boolean> {
    return this.act(async () => {
      const group = await stationApi.confirmGroup(this.group!.group_id, action);
      this.group = null;
      this.last = { group };
      await this.refresh();
    });
  }

  /** Runs one act at a time. False, with `problem` set, when it failed; nothing happens while another runs. */
  private async act(what: () => Promise<void>, work: Work = 'act'): Promise<boolean> {
    if (this.work !== null) return false;
    this.work = work;
    this.acts += 1;
    let done = false;
    try {
      await what();
      this.problem = null;
      done = true;
    } catch (error) {
      this.problem = asProblem(error);
      play('again');
    } finally {
      this.acts += 1;
      this.work = null;
    }
    this.takeEarly(done);
    return done;
  }

  /** After an act that failed the desk is not as the officer meant it: the scan is to be read again. */
  private takeEarly(done: boolean): void {
    const scan = this.early;
    this.early = null;
    if (scan === null) return;
    if (done && this.station?.shift) void this.submit(scan.text, scan.typed);
    else play('again');
  }

  private show(scan: Scan): void {
    if (scan.step === 'collected' || scan.step === 'done') {
      this.scan = null;
      if (scan.step === 'done') this.last = { scan };
      return;
    }
    const news = scan.scan_id !== this.scan?.scan_id || scan.step !== this.scan.step;
    this.scan = scan;
    if (news) play(scan.step === 'decided' ? soundOf(scan.decision?.verdict ?? null, scan.direction) : 'again');
  }

  private adopt(station: Station): void {
    this.station = station;
    this.group = station.group;
    if (station.scan) this.show(station.scan);
    else this.scan = null;
  }

  private async refresh(): Promise<void> {
    this.adopt(await stationApi.station());
  }

  private async poll(): Promise<void> {
    const acts = this.acts;
    try {
      const station = await stationApi.station();
      this.reachable = true;
      if (this.work === null && acts === this.acts) this.adopt(station);
    } catch {
      this.reachable = false;
    }
    if (this.running) this.timer = setTimeout(() => void this.poll(), kPollMs);
  }
}

export function soundOf(verdict: 'allow' | 'refer' | 'refuse' | null, direction: Direction): Sound {
  if (verdict === 'allow') return direction === 'exit' ? 'exit' : 'entry';
  return verdict ?? 'again';
}
