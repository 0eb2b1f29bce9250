// What the demo itself saw happen, counted without the server: what the figures are compared with.
export class Recount {
  #where = new Map();   // person -> status
  #verdicts = new Map();
  #articles = new Map();
  #passed = new Map();
  unanswered = 0;

  static #person(traveller, i) { return `${traveller.number}/${i}`; }

  add({ traveller, side, direction, result }) {
    const members = result.members ?? [result];
    members.forEach((member, i) => {
      if (!member.verdict) { this.unanswered += 1; return; }
      this.#count(this.#verdicts, member.verdict);
      for (const article of new Set(member.articles)) this.#count(this.#articles, `${member.verdict}\t${article}`);
      if (member.articles.length === 0) this.#count(this.#articles, `${member.verdict}\treturn`);
      const person = Recount.#person(traveller, i);
      if (member.outcome !== 'passed') return;
      this.#count(this.#passed, `${side} ${direction}`);
      this.#where.set(person, direction === 'exit' ? 'between' : `side_${side.toLowerCase()}`);
    });
  }
  #count(map, key) { map.set(key, (map.get(key) ?? 0) + 1); }

  whereIs(traveller) { return this.#where.get(Recount.#person(traveller, 0)); }
  counts() {
    const counts = {};
    for (const status of this.#where.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }
  passed(side, direction) { return this.#passed.get(`${side} ${direction}`) ?? 0; }
  byVerdict() { return [...this.#verdicts].sort((a, b) => a[0].localeCompare(b[0])); }
  byArticle() { return [...this.#articles].map(([key, times]) => [...key.split('\t'), times]).sort((a, b) => a[0].localeCompare(b[0]) || b[2] - a[2]); }
}
