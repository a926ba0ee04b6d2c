import type {Raid} from '../model/raid.ts';
import {type Row, span, widthOf} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Binding} from './binding.ts';
import {labelOfKey} from './key-labels.ts';
import {heardBindings} from './keymap.ts';
import type {ViewState} from './state.ts';

/** Neighbours in the keymap that share one word: `j/k select`. */
interface Hint {
	readonly keys: string;
	readonly label: string;
	readonly isPinned: boolean;
	readonly isOff: boolean;
}

/** The keys that are heard now. One that makes no sense now is dim and in brackets; those of least use are left out. */
export function footerRow(raid: Raid, view: ViewState): Row {
	let hints = hintsOf(raid, view);
	while (widthOf(drawn(hints)) > view.size.width) {
		const last = hints.findLastIndex(({isPinned}) => !isPinned);
		if (last === -1) break;
		hints = hints.toSpliced(last, 1);
	}
	return drawn(hints);
}

function hintsOf(raid: Raid, view: ViewState): readonly Hint[] {
	const shown = heardBindings(view).filter(({footer}) => footer !== 'never');
	const groups: Binding[][] = [];
	for (const binding of shown) {
		const group = groups.at(-1);
		if (group?.[0]?.label === binding.label) group.push(binding);
		else groups.push([binding]);
	}
	return groups.map(group => ({
		keys: group.map(({keys}) => labelOfKey(keys[0] ?? '')).join('/'),
		label: sanitiseLine(group[0]?.label ?? ''),
		isPinned: group.some(({footer}) => footer === 'always'),
		isOff: group.every(({refusal}) => refusal(raid, view) !== null),
	}));
}

/** A blank on each side of a hint makes room for the brackets of one that is off. */
function drawn(hints: readonly Hint[]): Row {
	return hints.flatMap(({keys, label, isOff}, index) => {
		if (isOff) return [span(`(${keys} ${label})`, 'dim')];
		const before = index === 0 ? '' : ' ';
		const after = index === hints.length - 1 ? '' : ' ';
		return [span(`${before}${keys}`, 'accent'), span(` ${label}${after}`, 'dim')];
	});
}
