// Words for closed vocabularies that travel as plain strings.
import { t } from './i18n.svelte';

/** "day trip" of `day_trip`: a name of the procedure for which nobody has given words. What is no such name stays as it is. */
export const readable = (name: string): string => (/^[a-z][a-z0-9_]*$/.test(name) ? name.replaceAll('_', ' ') : name);

/** "MORAVEC, LENA ILONA". */
export const namesOf = (document: { primary_name: string; secondary_name: string }): string =>
  [document.primary_name, document.secondary_name].filter((name) => name !== '').join(', ');

/** "11 years"; says so when the document does not tell. */
export const ageWords = (years: number | null): string => (years === null ? t('document.age_unknown') : t('document.age', { age: years }));

const kinds = ['passport', 'id_card', 'residence_permit', 'visa', 'laissez_passer', 'refugee_travel_document', 'stateless_travel_document',
  'emergency_travel_document', 'diplomatic_passport', 'official_passport', 'other'] as const;
type Kind = (typeof kinds)[number];

const purposes = ['stranded_person', 'disagreement', 'complaint', 'correction', 'list_review', 'court_or_police_request', 'other'] as const;
type Purpose = (typeof purposes)[number];

/** "Complaint of the person"; a purpose that this console does not know is read as it stands. */
export function purposeWords(purpose: string): string {
  return purposes.includes(purpose as Purpose) ? t(`purpose.${purpose as Purpose}`) : readable(purpose);
}

/** "Passport"; a kind that this console does not know is read as it stands. */
export function documentKind(kind: string): string {
  return kinds.includes(kind as Kind) ? t(`document_kind.${kind as Kind}`) : readable(kind);
}

const roles = ['staff', 'shift_lead', 'supervisor', 'negotiator', 'auditor', 'administrator'] as const;
const parties = ['A', 'B', 'G'] as const;

/** "Shift lead · Side A" of `A.shift_lead`; what this console does not know stays as it is. */
export function roleWords(signer: string): string {
  const [party, role] = signer.split('.');
  const known = { party: parties.find((one) => one === party), role: roles.find((one) => one === role) };
  return known.party && known.role ? `${t(`role.${known.role}`)} · ${t(`party.${known.party}`)}` : signer;
}

const refusals = ['too_large', 'malformed_envelope', 'duplicate_key', 'wrong_type', 'bad_signature', 'too_few_signatures', 'invalid_edition', 'not_canonical', 'other_procedure',
  'already_adopted', 'older_edition', 'skipped_edition', 'other_predecessor', 'gap', 'overlap', 'bad_keys'] as const;

/** Why a signed edition was refused; a reason that this console does not know is read as it stands. */
export function refusalWords(reason: string): string {
  const known = refusals.find((one) => one === reason);
  return known ? t(`refusal.${known}`) : readable(reason);
}
