/** How a state is marked: in order, to wait for or look at, an alarm, to know, or nothing of these. */
export type Tone = 'good' | 'wait' | 'stop' | 'note' | 'plain';
