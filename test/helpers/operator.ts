import type {Effect} from '../../src/dashboard/binding.ts';
import {dashboardScreen} from '../../src/dashboard/screen.ts';
import {initialView, type ViewState} from '../../src/dashboard/state.ts';
import {fail, paste, press, receive, receiveTrouble, succeed} from '../../src/dashboard/update.ts';
import type {Action, ResultOf} from '../../src/model/action.ts';
import type {Raid} from '../../src/model/raid.ts';
import {textOf} from '../../src/text/row.ts';
import type {Size} from '../../src/text/size.ts';
import {plainTheme} from '../../src/text/theme.ts';

/** The dashboard of a raid without a terminal, and an operator who presses keys. */
export function anOperator(raid: Raid, size: Size = {width: 120, height: 40}) {
	let current = raid;
	let view: ViewState = receive({...initialView, size}, raid);
	const effects: Effect[] = [];
	const operator = {
		view: () => view,
		effects,
		/** The actions that were asked for. */
		asked: () => effects.flatMap(effect => (effect.type === 'perform' ? [effect.action] : [])),
		press(...keys: readonly string[]) {
			for (const key of keys) {
				const step = press(key, view, current);
				view = step.view;
				if (step.effect !== undefined) effects.push(step.effect);
			}
			return operator;
		},
		paste(text: string) {
			view = paste(text, view, current).view;
			return operator;
		},
		receive(next: Raid) {
			current = next;
			view = receive(view, next);
			return operator;
		},
		succeed<A extends Action>(action: A, result: ResultOf<A>) {
			view = succeed(view, action, result);
			return operator;
		},
		fail(action: Action, error: unknown) {
			view = fail(view, action, error);
			return operator;
		},
		trouble(text: string | null) {
			view = receiveTrouble(view, text);
			return operator;
		},
		resize(next: Size) {
			view = {...view, size: next};
			return operator;
		},
		/** The screen, row by row, without blanks at the end. */
		lines: () => dashboardScreen(current, view, plainTheme).rows.map(row => textOf(row).trimEnd()),
		screen: () => dashboardScreen(current, view, plainTheme),
		/** The row of the question, the composer or the notice, and the footer. */
		input: () => operator.lines().at(-2) ?? '',
		footer: () => operator.lines().at(-1) ?? '',
	};
	return operator;
}
