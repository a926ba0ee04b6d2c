import type {Raid} from '../../model/raid.ts';
import type {Row} from '../../text/row.ts';
import type {Size} from '../../text/size.ts';
import type {Theme} from '../../text/theme.ts';
import type {Binding} from '../binding.ts';
import type {Dialog, ViewState} from '../state.ts';

/** How dialogs of one kind are drawn, and which keys they hear. */
export interface DialogKind<D extends Dialog> {
	readonly title: string;
	readonly bindings: (dialog: D) => readonly Binding[];
	/** The rows in place of the panes; null where the panes stay visible. */
	readonly rows: (dialog: D, raid: Raid, view: ViewState, size: Size, theme: Theme) => readonly Row[] | null;
	/** The row in place of the composer; null where the composer stays visible. */
	readonly line: (dialog: D) => Row | null;
}

/** For each type of dialog its kind. */
export type DialogKinds = {readonly [T in Dialog['type']]: DialogKind<Extract<Dialog, {type: T}>>};
