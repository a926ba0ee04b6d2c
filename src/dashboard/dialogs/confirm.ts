import {span} from '../../text/row.ts';
import {sanitiseLine} from '../../text/sanitise.ts';
import {askFor, type Binding, neverRefused, type Step} from '../binding.ts';
import {type Answer, closeDialog, openDialog, type QuestionDialog, type ViewState} from '../state.ts';
import type {DialogKind} from './dialog.ts';

const refuseIt: Binding = {
	id: 'question.no',
	keys: ['n', 'escape', 'ctrl-c'],
	label: 'no',
	help: 'no',
	footer: 'always',
	refusal: neverRefused,
	press: view => ({view: closeDialog(view)}),
};

/** A question in the row of the composer. Its answers are the keys in the footer, where nothing can hide them. */
export const questionKind: DialogKind<QuestionDialog> = {
	title: 'Question',
	bindings: ({answers}) => [...answers.map(bindingOf), refuseIt],
	rows: () => null,
	line: ({text}) => [span(sanitiseLine(text), 'warning')],
};

function bindingOf(answer: Answer): Binding {
	const {id, key, label, leadsTo} = answer;
	return {
		id: `question.${id}`,
		keys: [key],
		label,
		help: label,
		footer: 'always',
		refusal: neverRefused,
		press: view =>
			leadsTo.type === 'question'
				? {view: openDialog(view, leadsTo)}
				: askFor(withoutQuestions(view), leadsTo.action),
	};
}

/** A question that another one led to is answered together with it. */
function withoutQuestions(view: ViewState): Step['view'] {
	return {...view, dialogs: view.dialogs.filter(dialog => dialog.type !== 'question')};
}
