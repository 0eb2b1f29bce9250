// Who is signed in, and when that ends. What is on the screen goes away with the session, even if nobody touches it.
import { asProblem, type ApiProblem } from '../api/request';
import { ServerApi, type Role, type Session } from '../api/server';
import { i18n } from '../i18n/i18n.svelte';
import { EditionWords } from './edition-words.svelte';

/** The idle session is about to end: time to say so. */
const kWarningMs = 60_000;
const kTickMs = 1_000;
/** Pages refresh themselves only while somebody is there, so that an abandoned page does not keep its session alive. */
const kPresenceMs = 5 * 60_000;

export class SessionStore {
  readonly api = new ServerApi();
  readonly words = new EditionWords(() => this.api.procedure());
  current = $state.raw<Session | null>(null);
  /** False until the first answer came. */
  known = $state(false);
  /** The session ended without signing out. */
  expired = $state(false);
  /** Signed out here, but the server could not be told: its session ends by itself. */
  signedOutHereOnly = $state(false);
  /** The server could not be asked at all. */
  problem = $state.raw<ApiProblem | null>(null);
  /** Less than a minute is left. */
  endingSoon = $state(false);

  private idleEndsMs = 0;
  private endsMs = Infinity;
  private lastInputMs = Date.now();

  constructor() {
    this.api.onAnswered = (sentAtMs) => this.lengthen(sentAtMs);
    this.api.onUnauthenticated = () => this.expire();
  }

  /** Asks who is signed in, and watches the clock until the returned function is called. */
  start(): () => void {
    void this.ask();
    const timer = setInterval(() => this.watch(), kTickMs);
    const noteInput = () => (this.lastInputMs = Date.now());
    const events = ['keydown', 'pointerdown', 'wheel'] as const;
    for (const event of events) addEventListener(event, noteInput, { passive: true });
    return () => {
      clearInterval(timer);
      for (const event of events) removeEventListener(event, noteInput);
    };
  }

  get somebodyThere(): boolean {
    return Date.now() - this.lastInputMs < kPresenceMs;
  }

  may(...roles: Role[]): boolean {
    return this.current !== null && roles.includes(this.current.role);
  }

  async ask(): Promise<void> {
    this.problem = null;
    try {
      this.enter(await this.api.session());
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code !== 'unauthenticated') this.problem = problem;
    }
    this.known = true;
  }

  async signIn(name: string, password: string): Promise<void> {
    this.enter(await this.api.signIn(name, password));
    i18n.choose(this.current!.language);
  }

  async signOut(): Promise<void> {
    try {
      await this.api.signOut();
    } catch {
      this.signedOutHereOnly = true;
    }
    this.leave();
  }

  /** Any request that is answered lengthens the session; this one is the smallest. Unanswered, the warning stays. */
  stay = () => this.api.ledgerHead().catch(() => undefined);

  private enter(session: Session): void {
    this.current = session;
    this.api.csrfToken = session.csrf_token;
    this.expired = this.signedOutHereOnly = false;
    this.endsMs = Date.now() + (Date.parse(session.expires_at) - Date.parse(session.now));
    this.lengthen(Date.now());
  }

  private leave(): void {
    this.current = null;
    this.api.csrfToken = '';
    this.idleEndsMs = 0;
    this.endingSoon = false;
  }

  private expire(): void {
    if (this.current) this.expired = true;
    this.leave();
  }

  private lengthen(fromMs: number): void {
    if (!this.current) return;
    this.idleEndsMs = Math.max(this.idleEndsMs, fromMs + this.current.idle_timeout_ms); // answers may overtake each other
    this.watch();
  }

  private watch(): void {
    if (!this.current) return;
    const leftMs = Math.min(this.idleEndsMs, this.endsMs) - Date.now();
    this.endingSoon = leftMs < kWarningMs;
    if (leftMs <= 0) this.expire();
  }
}
