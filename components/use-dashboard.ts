import {useApp, useWindowSize} from 'ink';
import {useReducer, useRef} from 'react';
import type {Effect, Step} from '../src/dashboard/binding.ts';
import {queryOf} from '../src/dashboard/query.ts';
import {initialView, type ViewState} from '../src/dashboard/state.ts';
import {
	fail,
	paste,
	press,
	receive,
	receiveTrouble,
	reportProblem,
	succeed,
} from '../src/dashboard/update.ts';
import type {Action, ResultOf} from '../src/model/action.ts';
import type {Query} from '../src/model/query.ts';
import type {Raid} from '../src/model/raid.ts';
import type {Listener, Watch} from '../src/model/watch.ts';
import {useSuspend} from './use-suspend.ts';
import {useWatch} from './use-watch.ts';

/** The connection of the dashboard to a raid and to a terminal. */
export interface Connection {
	/** The channel to show first; null for the one with the latest message. */
	readonly channel: string | null;
	/** Starts to watch the raid. The first one is reported before this returns. */
	readonly watch: (query: Query, listener: Listener) => Watch;
	readonly perform: <A extends Action>(action: A) => Promise<ResultOf<A>>;
	readonly repaint: () => void;
}

/** The state of the dashboard, and the functions that change it. */
export interface DashboardState {
	/** Null until the first one has come. */
	readonly raid: Raid | null;
	readonly view: ViewState;
	readonly pressKey: (key: string) => void;
	readonly pasteText: (text: string) => void;
}

/** Keeps the raid and the view, and carries out the effects of keys. */
export function useDashboard({channel, watch, perform, repaint}: Connection): DashboardState {
	const suspend = useSuspend();
	const {exit} = useApp();
	const {columns: width, rows: height} = useWindowSize();
	const [, draw] = useReducer((count: number) => count + 1, 0);
	// Each key of a chunk must see the effect of the one before it, so state is read and written at once.
	const view = useRef<ViewState>({...initialView, channel});
	const raid = useRef<Raid | null>(null);
	if (view.current.size.width !== width || view.current.size.height !== height)
		view.current = {...view.current, size: {width, height}};

	const change = (next: (view: ViewState) => ViewState) => {
		view.current = next(view.current);
		draw();
	};
	useWatch(watch, queryOf(view.current), {
		onRaid(fresh) {
			raid.current = fresh;
			change(from => receive(from, fresh));
		},
		onError: error => change(from => reportProblem(from, error)),
		onTrouble: text => change(from => (from.trouble === text ? from : receiveTrouble(from, text))),
	});

	const ask = (action: Action) =>
		perform(action).then(
			result => change(from => succeed(from, action, result)),
			error => change(from => fail(from, action, error)),
		);
	const take = (stepOf: (view: ViewState, raid: Raid) => Step) => {
		if (raid.current === null) return;
		const {view: next, effect} = stepOf(view.current, raid.current);
		change(() => next);
		if (effect !== undefined) run(effect, {ask, repaint, suspend, exit});
	};
	return {
		raid: raid.current,
		view: view.current,
		pressKey: key => take((from, on) => press(key, from, on)),
		pasteText: text => take((from, on) => paste(text, from, on)),
	};
}

function run(
	effect: Effect,
	by: {
		readonly ask: (action: Action) => unknown;
		readonly repaint: () => void;
		readonly suspend: () => void;
		readonly exit: () => void;
	},
): void {
	switch (effect.type) {
		case 'perform':
			by.ask(effect.action);
			break;
		case 'repaint':
			by.repaint();
			break;
		case 'suspend':
			by.suspend();
			break;
		case 'quit':
			by.exit();
	}
}
