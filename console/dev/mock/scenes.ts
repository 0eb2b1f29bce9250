// What the stand-in pretends. One at a time, for both APIs.
export const scenes = ['usual', 'offline', 'forked', 'disk_full', 'empty', 'failing', 'no_edition', 'many', 'declaring', 'armenian', 'alarmed', 'forbidden', 'expired', 'unreachable'] as const;
export type Scene = (typeof scenes)[number];

export interface World {
  scene: Scene;
}
