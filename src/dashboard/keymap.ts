import type {Binding, Section} from './binding.ts';
import {composerSection} from './composer/composer.ts';
import {channelsKind} from './dialogs/channels.ts';
import {questionKind} from './dialogs/confirm.ts';
import type {DialogKind, DialogKinds} from './dialogs/dialog.ts';
import {helpKind} from './dialogs/help.ts';
import {everywhereSection} from './everywhere.ts';
import {labelOfKey} from './key-labels.ts';
import {chainSection} from './panes/chain.ts';
import {tailSection} from './panes/tail.ts';
import {type Dialog, topDialog, type ViewState} from './state.ts';

const kinds: DialogKinds = {
	question: questionKind,
	channels: channelsKind,
	help: helpKind(() => keymap, heardBindings),
};

/** How a dialog is drawn, and which keys it hears. */
export function dialogKindOf<D extends Dialog>(dialog: D): DialogKind<D> {
	// The compiler does not see that the two belong together.
	return kinds[dialog.type] as unknown as DialogKind<D>;
}

/** Every key of the dashboard except the answers to questions, which depend on the question. */
export const keymap: readonly Section[] = [
	chainSection,
	tailSection,
	everywhereSection,
	composerSection,
	sectionOf({type: 'channels', chosen: null}),
	sectionOf({type: 'help', scrolled: 0}),
];

function sectionOf(dialog: Dialog): Section {
	const {title, bindings} = dialogKindOf(dialog);
	return {title, bindings: bindings(dialog)};
}

/** The bindings that hear the keys now: those of the topmost dialog, or of the composer, or of the panes. */
export function heardBindings(view: ViewState): readonly Binding[] {
	const dialog = topDialog(view);
	if (dialog !== null) return dialogKindOf(dialog).bindings(dialog);
	if (view.focus === 'composer') return composerSection.bindings;
	return [chainSection, tailSection, everywhereSection].flatMap(({bindings}) => bindings);
}

/** The first key of a binding, as it is shown. Throws when there is no such binding. */
export function shownKeyOf(id: string): string {
	const binding = keymap.flatMap(({bindings}) => bindings).find(other => other.id === id);
	if (binding === undefined) throw new Error(`There is no binding "${id}".`);
	return labelOfKey(binding.keys[0] ?? '');
}
