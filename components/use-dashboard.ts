import {useApp, useWindowSize} from 'ink';
import {useEffect, useReducer, useRef} from 'react';
import type {Effect, Step} from '../src/dashboard/binding.ts';
import {queryOf} from '../src/dashboard/query.ts';
import {initialView, type ViewState} from '../src/dashboard/state.ts';
import {fail, paste, press, receive, reportProblem, succeed} from '../src/dashboard/update.ts';
import type {Action, ResultOf} from '../src/model/action.ts';
import type {Query} from '../src/model/query.ts';
import type {Raid} from '../src/model/raid.ts';
import type {Listener, Watch} from '../src/model/watch.ts';
import {useSuspend} from './use-suspend.ts';

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
export interface Dashboard {
	/** Null until the first one has come. */
	readonly raid: Raid | null;
	readonly view: ViewState;
	readonly pressKey: (key: string) => void;
	readonly pasteText: (text: string) => void;
}

/** Keeps the raid and the view, and carries out the effects of keys. */
export function useDashboard({channel, watch, perform, repaint}: Connection): Dashboard {
	const suspend = useSuspend();
	const {exit} = useApp();
	const {columns: width, rows: height} = useWindowSize();
	const [, draw] = useReducer((count: number) => count + 1, 0);
	// Each key of a chunk must see the effect of the one before it, so state is read and written at once.
	const view = useRef<ViewState>({...initialView, channel});
	const raid = useRef<Raid | null>(null);
	const watched = useRef<Watch | null>(null);
	const asked = useRef(queryOf(view.current));
	if (view.current.size.width !== width || view.current.size.height !== height)
		view.current = {...view.current, size: {width, height}};

	const show = (next: ViewState) => {
		view.current = next;
		draw();
		const query = queryOf(next);
		if (watched.current === null || isSame(query, asked.current)) return;
		asked.current = query;
		watched.current.ask(query);
	};

	// biome-ignore lint/correctness/useExhaustiveDependencies: `show` uses refs only; there is one watch for each `watch`.
	useEffect(() => {
		const current = watch(asked.current, {
			onRaid(fresh) {
				raid.current = fresh;
				show(receive(view.current, fresh));
			},
			onError: error => show(reportProblem(view.current, error)),
		});
		watched.current = current;
		// The first raid may have decided which channel is shown.
		show(view.current);
		return () => {
			watched.current = null;
			void current.close();
		};
	}, [watch]);

	const carryOut = (effect: Effect) => {
		switch (effect.type) {
			case 'perform':
				perform(effect.action).then(
					result => show(succeed(view.current, effect.action, result)),
					error => show(fail(view.current, effect.action, error)),
				);
				break;
			case 'repaint':
				repaint();
				break;
			case 'suspend':
				suspend();
				break;
			case 'quit':
				exit();
		}
	};
	const take = (stepOf: (view: ViewState, raid: Raid) => Step) => {
		if (raid.current === null) return;
		const {view: next, effect} = stepOf(view.current, raid.current);
		show(next);
		if (effect !== undefined) carryOut(effect);
	};
	return {
		raid: raid.current,
		view: view.current,
		pressKey: key => take((from, on) => press(key, from, on)),
		pasteText: text => take((from, on) => paste(text, from, on)),
	};
}

function isSame(a: Query, b: Query): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
